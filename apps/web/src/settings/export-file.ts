import type { ExportLine } from '../trpc/types.ts';

/** What a line is about: a later line of the same replaces it. */
const subjectOf = (line: ExportLine): string => ('uuid' in line ? `${line.type}:${line.uuid}` : line.type);

/**
 * Joins pages to JSON Lines, one text per page: a line that comes again later is left out. Not one text for all, which browsers
 * limit to some 500 MB.
 */
export function joinPages(pages: readonly (readonly ExportLine[])[]): string[] {
  const seen = new Set<string>();
  const isLast = (line: ExportLine) => {
    const subject = subjectOf(line);
    return !seen.has(subject) && seen.add(subject);
  };
  const joined = pages.toReversed().map((page) => page.toReversed().filter(isLast).toReversed());
  return joined.toReversed().map((lines) => lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Lets the browser save texts as a file. */
export function saveFile(name: string, texts: string[]): void {
  const url = URL.createObjectURL(new Blob(texts, { type: 'application/jsonl' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Browsers read it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
