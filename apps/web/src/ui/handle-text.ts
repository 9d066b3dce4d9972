/** A handle, or an email, as people type it, without the spaces around it and the `@` in front. */
export const withoutAt = (text: string): string => text.trim().replace(/^@/, '');

/**
 * The address of a new conversation. A handle that the origin stored as `..` would lead to another page, and one with an
 * `@` in front would lose it, so these get an `@` more.
 */
export function newConversationPath(handle: string): string {
  return `/messages/new/${encodeURIComponent(/^(\.{1,2}$|@)/.test(handle) ? `@${handle}` : handle)}`;
}
