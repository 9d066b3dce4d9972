import * as z from 'zod/mini';
import { markerTime } from '../../members/message-group-state.ts';
import { itemSchema } from '../../table/parse-items.ts';

/** Messages that a request may have until it is accepted. */
export const REQUEST_MESSAGES_MAX = 3;
/** Groups that a person may pin. */
export const PINNED_MAX = 5;

const uuids = z.custom<ReadonlySet<string>>((value) => value instanceof Set, 'is not a set');

/** What decides whether two people reach each other. Attributes exist only where they differ from an open gate. */
export const gateSchema = itemSchema({
  pk: z.string(),
  sk: z.string(),
  /** Who of the two blocks the other. */
  blocked_by: z.optional(uuids),
  suspended: z.optional(uuids),
  request: z.optional(
    z.object({ to: z.string(), sent: z.number(), at: markerTime, is_declined: z.optional(z.boolean()) }),
  ),
});
export type GateItem = z.output<typeof gateSchema>;
