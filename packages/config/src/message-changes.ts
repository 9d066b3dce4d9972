/** Most edits of a message, and how long after sending it may be edited, in milliseconds: Signal's limits. */
export const EDITS_MAX = 10;
export const EDIT_WINDOW_MS = 24 * 60 * 60 * 1000;

/** Most different reactions of one person to a message, and most bytes of UTF-8 of each: Bluesky's limits. */
export const REACTIONS_MAX = 5;
const REACTION_MAX_BYTES = 64;

/** A list of all emoji, which takes up to 100 ms at its first use: compiled only then. */
let rgiEmoji: RegExp | undefined;

/** Whether a text is one emoji that is recommended for general interchange (RGI, UTS #51). The page and the server share this function. */
export function isReactionEmoji(text: string): boolean {
  // A UTF-16 code unit has at most three bytes of UTF-8, and at least one.
  if (text.length > REACTION_MAX_BYTES || new TextEncoder().encode(text).length > REACTION_MAX_BYTES) return false;
  rgiEmoji ??= /^\p{RGI_Emoji}$/v;
  return rgiEmoji.test(text);
}

/** Most code points of a quoted message that a reply shows. */
const EXCERPT_MAX_CODE_POINTS = 140;

/** The beginning of a text, for a quote. */
export function excerptOf(text: string): string {
  const codePoints = Array.from(text.slice(0, 2 * EXCERPT_MAX_CODE_POINTS + 2));
  if (codePoints.length <= EXCERPT_MAX_CODE_POINTS) return text;
  return `${codePoints.slice(0, EXCERPT_MAX_CODE_POINTS).join('').trimEnd()}…`;
}

/** The changes of a message that its group's rows show: the filter of the table's stream passes these, and no reactions. */
export const STREAMED_CHANGES = ['edit', 'deletion'] as const;
