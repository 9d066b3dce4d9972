/** A typed handle or email without spaces around it and without a leading `@`. */
export const withoutAt = (text: string): string => text.trim().replace(/^@/, '');

/**
 * The path of a new conversation. A handle `..` would lead to another page, and one with a leading `@` would lose it, so
 * both get another `@`.
 */
export function newConversationPath(handle: string): string {
  return `/messages/new/${encodeURIComponent(/^(\.{1,2}$|@)/.test(handle) ? `@${handle}` : handle)}`;
}

/** The handle in such a path. */
export function handleInPath(segment: string): string {
  try {
    return withoutAt(decodeURIComponent(segment));
  } catch {
    // Typed by hand: a `%` on its own.
    return withoutAt(segment);
  }
}

/** The path of a message, by its `createdAt`: its conversation, opened there. */
export function messagePath(messageGroupUuid: string, createdAt: string): string {
  // A colon may be in a query as it is.
  return `/messages/${messageGroupUuid}?at=${encodeURIComponent(createdAt).replaceAll('%3A', ':')}`;
}

/** Each of these is one character. */
const LATIN = /^[ -~\u00a0-\u02ff]*$/;

let segmenter: Intl.Segmenter | undefined;

/**
 * Splits a text into characters as people count them. The segmenter is created when first needed: that takes a slow phone
 * 20 ms, which a first thread must not wait for.
 */
export function graphemes(text: string): Iterable<string> {
  return LATIN.test(text) ? text : segments(text);
}

function* segments(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}
