import { NOTIFICATION_MAX_BYTES } from '@cruddur/db';
import { z } from 'zod';
import type { BusEvent, MessageWritten } from './bus-event.ts';

// What travels in a notification. During a deployment two versions of the server run next to each other, so what arrives is
// parsed. An unknown type is ignored: pages of this version could not show it. A gap would have every stream read the table.

const person = z.object({ uuid: z.string(), handle: z.string(), displayName: z.string() });
const uuids = z.tuple([z.string(), z.string()]);

const message = z.object({
  uuid: z.string(),
  messageGroupUuid: z.string(),
  userUuid: z.string(),
  handle: z.string(),
  displayName: z.string(),
  message: z.string(),
  createdAt: z.string(),
});

/** A message too large for a notification: an instance that needs it reads it from the table. */
const reference = z.object({
  type: z.literal('message_reference'),
  messageGroupUuid: z.string(),
  createdAt: z.string(),
  memberUuids: uuids,
});

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), message, members: z.tuple([person, person]) }),
  z.object({
    type: z.literal('read'),
    marker: z.object({ messageGroupUuid: z.string(), userUuid: z.string(), readAt: z.string() }),
    memberUuids: uuids,
  }),
  z.object({ type: z.literal('typing'), messageGroupUuid: z.string(), userUuid: z.string(), toUuid: z.string() }),
  reference,
  z.object({ type: z.literal('gap') }),
]);

const notification = z.object({ from: z.string(), event });
const unknownNotification = z.object({
  from: z.string(),
  event: z.object({
    type: z
      .string()
      .refine((type) => !event.options.some(({ shape }) => shape.type.value === type))
      .transform(() => 'unknown' as const),
  }),
});

export type MessageReference = z.output<typeof reference>;

/** An event as it travels. `gap`: the sender lost something. `unknown`: it is of a later version. */
export type TravellingEvent = BusEvent | MessageReference | { type: 'gap' } | { type: 'unknown' };

export interface Notification {
  /** The instance that sends. */
  from: string;
  event: TravellingEvent;
}

/** Writes a notification; a message that is too large for one travels as a reference. */
export function writeNotification({ from, event }: Notification): string {
  const payload = JSON.stringify({ from, event });
  if (Buffer.byteLength(payload) <= NOTIFICATION_MAX_BYTES || event.type !== 'message') return payload;
  return JSON.stringify({ from, event: referenceOf(event) });
}

/** Reads a notification; `undefined` if it cannot be read. */
export function readNotification(payload: string): Notification | undefined {
  try {
    return z.union([notification, unknownNotification]).parse(JSON.parse(payload));
  } catch {
    return undefined;
  }
}

function referenceOf({ message, members: [one, other] }: MessageWritten): MessageReference {
  const { messageGroupUuid, createdAt } = message;
  return { type: 'message_reference', messageGroupUuid, createdAt, memberUuids: [one.uuid, other.uuid] };
}
