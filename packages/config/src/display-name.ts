import { DISPLAY_NAME_MAX_CODE_POINTS } from './constants.ts';
import { INVISIBLE, isBlank } from './message-text.ts';

export type DisplayNameRefusal = 'name_blank' | 'name_with_at';

// Any of the three would make a name look like a handle.
const AT = /[@\ufe6b\uff20]/u;
const EVERY_AT = new RegExp(AT, 'gu');

// Between Arabic or Indic letters a joiner changes the spelling, and in an emoji the picture: these stay.
const JOINER = String.raw`(?<=[\p{Script=Arabic}\p{M}\p{Extended_Pictographic}])[\u200c\u200d](?=[\p{L}\p{Extended_Pictographic}])|(?<=\p{Extended_Pictographic})\ufe0f`;
const HIDDEN = new RegExp(`(${JOINER})|[${INVISIBLE}]`, 'gu');

/**
 * Words of ASCII and Latin letters, without `@`, are shown as they are. Otherwise names take 7 % of the server's work for a
 * page of messages.
 */
const PLAIN = /^[!-?A-~\u00c0-\u024f]+(?: [!-?A-~\u00c0-\u024f]+)*$/;

/** Why the sign-up form rejects a display name, or `null`. The server accepts any name and shows {@link shownName}. */
export function displayNameRefusal(name: string): DisplayNameRefusal | null {
  if (isBlank(name)) return 'name_blank';
  return AT.test(name) ? 'name_with_at' : null;
}

/**
 * A display name as others see it: without invisible characters and `@`, composed (NFC), then cut to
 * {@link DISPLAY_NAME_MAX_CODE_POINTS}. If nothing visible is left, it is the handle.
 *
 * @example
 * shownName('Andrew Brown @andrewbrown', 'eve') // 'Andrew Brown andrewbrown'
 */
export function shownName(name: string, handle: string): string {
  if (name.length <= DISPLAY_NAME_MAX_CODE_POINTS && PLAIN.test(name)) return name;
  const plain = name.toWellFormed().replaceAll(EVERY_AT, ' ').replaceAll(/\s+/gu, ' ');
  const composed = plain.replaceAll(HIDDEN, '$1').normalize('NFC').trim();
  const cut = Array.from(composed).slice(0, DISPLAY_NAME_MAX_CODE_POINTS).join('').trim();
  return isBlank(cut) ? handle : cut;
}
