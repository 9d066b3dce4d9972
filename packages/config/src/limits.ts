/** Most Unicode code points in one message, as the origin system counted (`len` of a Python string). */
export const MESSAGE_MAX_CODE_POINTS = 1024;

/** Page sizes of `messageGroups.list`, in rows. */
export const MESSAGE_GROUPS_PAGE = { default: 20, max: 50 } as const;

/** Page sizes of `messages.list`, in messages. */
export const MESSAGES_PAGE = { default: 50, max: 100 } as const;

/** Longest page cursor, in characters. Ours have at most 2,200, which fit into a URL of 4,000. */
export const CURSOR_MAX_CHARS = 3_000;

/** Page sizes of `users.search`, in people, and the longest query, in code points. */
export const USERS_SEARCH = { default: 10, max: 20, queryMaxCodePoints: 100 } as const;

/**
 * A handle: 2 to 30 letters, digits, `_`, `.` or `-`, but not `..`, which an address cannot carry. Other handles that the
 * origin stored are still found.
 */
export const HANDLE_PATTERN = /^(?!\.\.$)[A-Za-z0-9_.-]{2,30}$/;

/** Longest display name that a new account may bring, in code points. */
export const DISPLAY_NAME_MAX_CODE_POINTS = 80;

/** Most records in one batch of the table's stream. */
export const STREAM_BATCH_SIZE = 100;
