/** Maximum length of a message in Unicode code points, as the origin counted (`len` of a Python string). */
export const MESSAGE_MAX_CODE_POINTS = 1024;

/** Page sizes of `messageGroups.list`, in rows. */
export const MESSAGE_GROUPS_PAGE = { default: 20, max: 50 } as const;

/** Page sizes of `messages.list`, in messages. */
export const MESSAGES_PAGE = { default: 50, max: 100 } as const;

/** Maximum length of a page cursor, in characters. Ours have at most 2,200, which fit into a URL of 4,000. */
export const CURSOR_MAX_CHARS = 3_000;

/** Page sizes of `users.search`, in people, and the maximum length of a query, in code points. */
export const USERS_SEARCH = { default: 10, max: 20, queryMaxCodePoints: 100 } as const;

/** Page sizes of `messages.search`, in messages, and the maximum length of a query, in code points. */
export const MESSAGES_SEARCH = { default: 20, max: 50, queryMaxCodePoints: 100 } as const;

/** A handle of a new account. `..` cannot be in a URL path. Other handles from the origin can still be found. */
export const HANDLE_PATTERN = /^(?!\.\.$)[A-Za-z0-9_.-]{2,30}$/;

/** Maximum length of the display name of a new account, in code points. */
export const DISPLAY_NAME_MAX_CODE_POINTS = 80;

/** Maximum number of records in a batch of the table's stream. */
export const STREAM_BATCH_SIZE = 100;

/**
 * Retries of a batch for the search index: the most that Lambda allows, so that the age of the records ends them. Hours without
 * PostgreSQL must not leave messages out of the index, and no list waits for it.
 */
export const INDEX_RETRIES = 10_000;

export const DEFAULT_TABLE_NAME = 'cruddur-messages';

/**
 * Ids of the zones of AWS in which CloudFront has no VPC origins:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 */
export const ZONES_WITHOUT_VPC_ORIGINS: readonly string[] = [
  'use1-az3',
  'usw1-az2',
  'apne1-az3',
  'apne2-az1',
  'cac1-az3',
];

/** Lowercases ASCII letters only, to compare handles and e-mail addresses: Unicode turns the Kelvin sign into a k. */
export function foldAsciiCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The Cognito id, in the origin's databases, of a user that Cognito does not know yet. */
export const COGNITO_USER_ID_PLACEHOLDER = 'MOCK';
