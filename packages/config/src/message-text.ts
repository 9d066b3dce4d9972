import { MESSAGE_MAX_CODE_POINTS } from './limits.ts';

/** Why a text cannot be sent; the reasons of the API's BAD_REQUEST refusals. */
export type MessageTextRefusal = 'message_blank' | 'message_exceed_max_chars' | 'input_invalid';

/**
 * The characters that draw nothing, for a class of a regular expression with the flag `u`: control and format characters
 * (zero width, bidi controls), what Unicode says is ignorable or no character at all, and a few blanks that it calls
 * letters or symbols. Messages and names share it.
 */
export const INVISIBLE = String.raw`\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}`;

// A combining mark needs a letter to sit on.
const BLANK = new RegExp(`^[\\s\\p{M}${INVISIBLE}]*$`, 'u');

/** Whether nothing of a text would be seen. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/** Length in Unicode code points, the unit of {@link MESSAGE_MAX_CODE_POINTS}. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/**
 * Says why a message text cannot be sent, or `null` when it can. The form and the server share this function.
 *
 * A lone surrogate has no UTF-8 form and could not be stored as it is, so it is refused rather than altered.
 *
 * @example
 * messageTextRefusal('  ') // 'message_blank'
 */
export function messageTextRefusal(text: string): MessageTextRefusal | null {
  if (!text.isWellFormed()) return 'input_invalid';
  if (isBlank(text)) return 'message_blank';
  return isTooLong(text) ? 'message_exceed_max_chars' : null;
}

/** A code point has one or two UTF-16 code units: only a text between the two limits has to be counted. */
function isTooLong(text: string): boolean {
  if (text.length <= MESSAGE_MAX_CODE_POINTS) return false;
  return text.length > 2 * MESSAGE_MAX_CODE_POINTS || countCodePoints(text) > MESSAGE_MAX_CODE_POINTS;
}
