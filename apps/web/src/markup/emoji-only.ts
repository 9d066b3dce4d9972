const MAX_LARGE_EMOJI = 6;

// Emoji by their structure (UTS #51, 1.4). `\p{RGI_Emoji}`, a list of all, takes 100 ms on a slow phone at its first use.
const BASE =
  '(?!\\p{RI})\\p{Emoji_Presentation}\\ufe0f?|(?![#*0-9\\p{RI}])\\p{Emoji}\\ufe0f|\\p{Emoji_Modifier_Base}(?=\\p{Emoji_Modifier})';
const PICTURE = `(?:${BASE})\\p{Emoji_Modifier}?`;
const KEY = '[#*0-9]\\ufe0f\\u20e3';
const FLAG = '\\p{RI}{2}|\\u{1f3f4}[\\u{e0030}-\\u{e007a}]+\\u{e007f}';
const EMOJI = `(?:${FLAG}|${KEY}|${PICTURE}(?:\\u200d${PICTURE})*)`;
const EMOJI_ONLY = new RegExp(`^\\s*(?:${EMOJI}\\s*){1,${MAX_LARGE_EMOJI}}$`, 'u');

/** Whether a message is only a few emoji, which are drawn large. */
export function isEmojiOnly(message: string): boolean {
  return message.length <= 120 && EMOJI_ONLY.test(message);
}
