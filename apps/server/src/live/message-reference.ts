import {
  type BusEvent,
  type MessageChanged,
  type MessageWritten,
  type Notification,
  writeNotification,
} from '@cruddur/bus';
import { NOTIFICATION_MAX_BYTES } from '@cruddur/db';
import { z } from 'zod';

export const uuids = z.tuple([z.string(), z.string()]);
export const delivery = z.enum(['request', 'sender_only']).optional();

/** Replaces a message that is too large for a notification of PostgreSQL. Instances that need it read it from the table. */
export const messageReference = z.object({
  type: z.literal('message_reference'),
  messageGroupUuid: z.string(),
  createdAt: z.string(),
  memberUuids: uuids,
  delivery,
});

/** The same for a changed message. One of the origin's is found by its uuid. */
export const changeReference = messageReference.extend({
  type: z.literal('change_reference'),
  messageUuid: z.string(),
});

export type MessageReference = z.output<typeof messageReference> | z.output<typeof changeReference>;

/** Serialises a notification of an event for PostgreSQL. A message that is too large for one is replaced by a reference. */
export function writeWithinLimit({ from, event }: Notification<BusEvent>): string {
  const payload = writeNotification({ from, event });
  if (Buffer.byteLength(payload) <= NOTIFICATION_MAX_BYTES || !isReferable(event)) return payload;
  return writeNotification({ from, event: referenceOf(event) });
}

const isReferable = (event: BusEvent): event is MessageWritten | MessageChanged =>
  event.type === 'message' || event.type === 'changed';

function referenceOf(event: MessageWritten | MessageChanged): MessageReference {
  const { messageGroupUuid, uuid: messageUuid, createdAt } = event.message;
  const [one, other] = event.type === 'message' ? event.members.map(({ uuid }) => uuid) : event.memberUuids;
  const place = { messageGroupUuid, createdAt, memberUuids: [one ?? '', other ?? ''] as [string, string] };
  return event.type === 'message'
    ? { type: 'message_reference', ...place, delivery: event.delivery }
    : { type: 'change_reference', ...place, messageUuid };
}
