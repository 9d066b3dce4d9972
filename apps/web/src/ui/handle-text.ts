/** A typed handle or email without spaces around it and without a leading `@`. */
export const withoutAt = (text: string): string => text.trim().replace(/^@/, '');

/**
 * The path of a new conversation. A handle `..` would lead to another page, and one with a leading `@` would lose it, so
 * both get another `@`.
 */
export function newConversationPath(handle: string): string {
  return `/messages/new/${encodeURIComponent(/^(\.{1,2}$|@)/.test(handle) ? `@${handle}` : handle)}`;
}
