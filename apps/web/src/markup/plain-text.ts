import { type MarkupPart, parseMarkup } from './message-markup.ts';

/** A message without the marks of its markup, for where its text is shown on a line or two: `*bold*` becomes `bold`. */
export const plainText = (message: string): string => parseMarkup(message, undefined).map(textOf).join('').trim();

function textOf(part: MarkupPart): string {
  if ('parts' in part) return part.parts.map(textOf).join('');
  // It is drawn on lines of its own.
  return part.kind === 'block' ? `\n${part.text}\n` : part.text;
}
