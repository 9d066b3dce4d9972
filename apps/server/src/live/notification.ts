import type { BusEvent, Gap, MessageStored, Notification } from '@cruddur/bus';
import { z } from 'zod';
import { message, messageGroupState, person, readMarker } from '../schemas.ts';
import { changeReference, delivery, type MessageReference, messageReference, uuids } from './message-reference.ts';

// During a deployment two versions of the server run at the same time, so notifications are parsed. An unknown type is
// ignored: this version's pages could not show it, and a gap would make every stream read the table.

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
  z.object({
    type: z.literal('stored'),
    messageUuid: z.string(),
    version: z.number(),
    memberUuids: z.array(z.string()),
  }),
  messageReference,
  changeReference,
  z.object({ type: z.literal('gap'), since: z.int().optional() }),
  z.object({ type: z.literal('hello') }),
  z.object({ type: z.literal('alive') }),
  z.object({ type: z.literal('leaving') }),
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

/** `gap`: the sender lost events. `hello`, `alive`, `leaving`: it asks who is there, its heartbeat, its end. `unknown`: an event of a later version. */
export type NotifiedEvent =
  | BusEvent
  | MessageStored
  | MessageReference
  | Gap
  | { type: 'hello' }
  | { type: 'alive' }
  | { type: 'leaving' }
  | { type: 'unknown' };

/** Parses a notification. Returns `undefined` for one that is not ours. */
export function readNotification(payload: string): Notification<NotifiedEvent> | undefined {
  try {
    return z.union([notification, unknownNotification]).parse(JSON.parse(payload));
  } catch {
    return undefined;
  }
}
