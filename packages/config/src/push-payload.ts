import * as z from 'zod/mini';

/** Most bytes of a payload. Encrypted (RFC 8291), it has about 100 more, and push services accept 4,096. */
export const PUSH_PAYLOAD_MAX_BYTES = 3_000;
/** Leaves room for the other fields. */
const TEXT_MAX_BYTES = 2_000;
const NAME_MAX_BYTES = 500;

/** Show this message, in place of an earlier one of its conversation. */
const messageSchema = z.object({
  kind: z.literal('message'),
  messageGroupUuid: z.string(),
  messageUuid: z.string(),
  /** ISO 8601 in UTC, microseconds: string order is time order. */
  createdAt: z.string(),
  /** The sender's. */
  displayName: z.string(),
  /** As it was written, or its beginning; `null` if the device hides texts. */
  text: z.nullable(z.string()),
  /** How many messages of the conversation are unread, 100 for "more than 99"; `null` if that is not known. */
  unread: z.nullable(z.number()),
});

/** Close the conversation's notification, unless it shows a message that is later than `through`. */
const closeSchema = z.object({
  kind: z.literal('close'),
  messageGroupUuid: z.string(),
  through: z.string(),
});

const payloadSchema = z.discriminatedUnion('kind', [messageSchema, closeSchema]);

/** What a push sends to a device's service worker. */
export type PushPayload = z.output<typeof payloadSchema>;

/**
 * Writes a payload as JSON of at most {@link PUSH_PAYLOAD_MAX_BYTES}: a text or name that is too long is cut.
 *
 * @example
 * formatPushPayload({ kind: 'close', messageGroupUuid, through: '2026-11-20T08:15:30.123456Z' })
 */
export function formatPushPayload(payload: PushPayload): string {
  if (payload.kind === 'close') return JSON.stringify(payload);
  const { displayName, text } = payload;
  return JSON.stringify({
    ...payload,
    displayName: cutTo(NAME_MAX_BYTES, displayName),
    text: text === null ? null : cutTo(TEXT_MAX_BYTES, text),
  });
}

/** Reads what {@link formatPushPayload} wrote; `undefined` for anything else, such as the payload of a later release. */
export function parsePushPayload(json: string): PushPayload | undefined {
  try {
    return payloadSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

const bytesInJson = (text: string) => new TextEncoder().encode(JSON.stringify(text)).length;

function cutTo(maxBytes: number, text: string): string {
  if (bytesInJson(text) <= maxBytes) return text;
  let [cut, bytes] = ['', bytesInJson('…')];
  for (const codePoint of text) {
    // Without its quotes.
    bytes += bytesInJson(codePoint) - 2;
    if (bytes > maxBytes) break;
    cut += codePoint;
  }
  return `${cut}…`;
}
