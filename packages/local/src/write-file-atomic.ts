import { rename, writeFile } from 'node:fs/promises';

/** Replaces a file. A reader finds the old text or the new one, even after a crash. */
export async function writeFileAtomic(file: string, text: string): Promise<void> {
  const temporary = `${file}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}
