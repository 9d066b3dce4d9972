import { rename, writeFile } from 'node:fs/promises';

/** Replaces a file at once: whoever reads it, even after a crash in between, finds the old text or the new one. */
export async function writeFileAtomic(file: string, text: string): Promise<void> {
  const temporary = `${file}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}
