import { NOTIFICATION_MAX_BYTES } from '@cruddur/db';
import { z } from 'zod';
import { message, messageGroupState, person, readMarker } from '../schemas.ts';
import type { BusEvent, MessageChanged, MessageWritten } from './event-bus.ts';

// During a deployment two versions of the server run at the same time, so notifications are parsed. An unknown type is
// ignored: this version's pages could not show it, and a gap would make every stream read the table.

const uuids = z.tuple([z.string(), z.string()]);
const delivery = z.enum(['request', 'sender_only']).optional();

/** Replaces a message that is too large for a notification. Instances that need it read it from the table. */
const reference = z.object({
  type: z.literal('message_reference'),
  messageGroupUuid: z.string(),
  createdAt: z.string(),
  memberUuids: uuids,
  delivery,
});
/** The same for a changed message. One of the origin's is found by its uuid. */
const changeReference = reference.extend({ type: z.literal('change_reference'), messageUuid: z.string() });

const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    message,
    members: z.tuple([person, person]),
    delivery,
  }),
  z.object({ type: z.literal('changed'), message, memberUuids: uuids }),
  z.object({ type: z.literal('read'), marker: readMarker, memberUuids: z.array(z.string()) }),
  z.object({ type: z.literal('state'), userUuid: z.string(), state: messageGroupState }),
  z.object({ type: z.literal('typing'), messageGroupUuid: z.string(), userUuid: z.string(), toUuid: z.string() }),
  z.object({ type: z.literal('settings'), userUuid: z.string() }),
  reference,
  changeReference,
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

export type MessageReference = z.output<typeof reference> | z.output<typeof changeReference>;

/** `gap`: the sender lost events. `unknown`: an event of a later version. */
export type NotifiedEvent = BusEvent | MessageReference | { type: 'gap' } | { type: 'unknown' };

export interface Notification {
  /** The instance that sent it. */
  from: string;
  event: NotifiedEvent;
}

/** Serialises a notification. A message that is too large for one is replaced by a reference. */
export function writeNotification({ from, event }: Notification): string {
  const payload = JSON.stringify({ from, event });
  if (Buffer.byteLength(payload) <= NOTIFICATION_MAX_BYTES || !isReferable(event)) return payload;
  return JSON.stringify({ from, event: referenceOf(event) });
}

/** Parses a notification. Returns `undefined` for one that is not ours. */
export function readNotification(payload: string): Notification | undefined {
  try {
    return z.union([notification, unknownNotification]).parse(JSON.parse(payload));
  } catch {
    return undefined;
  }
}

const isReferable = (event: NotifiedEvent): event is MessageWritten | MessageChanged =>
  event.type === 'message' || event.type === 'changed';

function referenceOf(event: MessageWritten | MessageChanged): MessageReference {
  const { messageGroupUuid, uuid: messageUuid, createdAt } = event.message;
  const [one, other] = event.type === 'message' ? event.members.map(({ uuid }) => uuid) : event.memberUuids;
  const place = { messageGroupUuid, createdAt, memberUuids: [one ?? '', other ?? ''] as [string, string] };
  return event.type === 'message'
    ? { type: 'message_reference', ...place, delivery: event.delivery }
    : { type: 'change_reference', ...place, messageUuid };
}
