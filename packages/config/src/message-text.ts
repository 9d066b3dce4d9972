import { MESSAGE_MAX_CODE_POINTS } from './limits.ts';

/** Why a text cannot be sent; the reasons of the API's BAD_REQUEST refusals. */
export type MessageTextRefusal = 'message_blank' | 'message_exceed_max_chars' | 'input_invalid';

// White space, control and format characters (zero width, bidi controls), marks without a letter, noncharacters, all else
// that Unicode says is not drawn, and characters that fonts draw as nothing although Unicode does not say so.
const INVISIBLE =
  /^[\s\p{Cc}\p{Cf}\p{M}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{1d159}]*$/u;

/** Length in Unicode code points, the unit of {@link MESSAGE_MAX_CODE_POINTS}. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/**
 * Says why a message text cannot be sent, or `null` when it can. The form and the server share this function.
 *
 * A text is blank when nothing of it would be seen. A lone surrogate has no UTF-8 form and could not be stored as it
 * is, so it is refused rather than altered.
 *
 * @example
 * messageTextRefusal('  ') // 'message_blank'
 */
export function messageTextRefusal(text: string): MessageTextRefusal | null {
  if (!text.isWellFormed()) return 'input_invalid';
  if (INVISIBLE.test(text)) return 'message_blank';
  if (text.length > MESSAGE_MAX_CODE_POINTS && countCodePoints(text) > MESSAGE_MAX_CODE_POINTS) {
    return 'message_exceed_max_chars';
  }
  return null;
}
