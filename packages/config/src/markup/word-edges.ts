/** A letter or digit. */
export const WORD = /[\p{L}\p{N}]/u;
// Scripts without spaces: `*` may follow a word and a word may follow it.
const SPACELESS = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}]/u;
// Not `-`, `\`, `/` or `^`: emoticons such as `-_-`, `¯\_(ツ)_/¯` and `^_^`, and paths, stay as they are.
const BEFORE_OPENING = /[\s\p{Ps}\p{Pi}"'¿¡]/u;

export const opens = (before: string, marker: string) =>
  before === '' || BEFORE_OPENING.test(before) || (marker !== '_' && SPACELESS.test(before));
export const isWord = (char: string, marker: string) => WORD.test(char) && (marker === '_' || !SPACELESS.test(char));

// A character outside the basic plane is two code units.
export const charBefore = (text: string, end: number) => /.$/su.exec(text.slice(Math.max(0, end - 2), end))?.[0] ?? '';
export const charAfter = (text: string, start: number) => /^./su.exec(text.slice(start, start + 2))?.[0] ?? '';
