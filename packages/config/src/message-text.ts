import { MESSAGE_MAX_CODE_POINTS } from './constants.ts';

/** Reasons of the API's BAD_REQUEST refusals. */
export type MessageTextRefusal = 'message_blank' | 'message_exceed_max_chars' | 'input_invalid';

/** Invisible characters, and blanks that Unicode classifies as letters or symbols: part of a character class, flag `u`. */
export const INVISIBLE = String.raw`\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}`;

// A combining mark needs a base letter.
const BLANK = new RegExp(`^[\\s\\p{M}${INVISIBLE}]*$`, 'u');

export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/** Length in Unicode code points, the unit of {@link MESSAGE_MAX_CODE_POINTS}. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Why a message text cannot be sent, or `null`. The form and the server share this function. */
export function messageTextRefusal(text: string): MessageTextRefusal | null {
  // A lone surrogate has no UTF-8 form.
  if (!text.isWellFormed()) return 'input_invalid';
  if (isBlank(text)) return 'message_blank';
  // A code point has at most two UTF-16 code units: the composer must not count a pasted megabyte at each key.
  const isTooLong = text.length > 2 * MESSAGE_MAX_CODE_POINTS || countCodePoints(text) > MESSAGE_MAX_CODE_POINTS;
  return isTooLong ? 'message_exceed_max_chars' : null;
}
