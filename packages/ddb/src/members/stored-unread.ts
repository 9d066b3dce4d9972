import * as z from 'zod/mini';
import { itemSchema } from '../table/parse-items.ts';
import type { Micros } from '../table/time.ts';

/** A count stops here: it is shown as "99+". */
export const UNREAD_MAX = 100;

// Numbers of microseconds have 10 bytes, their sort keys 32. Every list reads these attributes.
const time = z.custom<Micros>(Number.isSafeInteger);

const schema = itemSchema({
  /** Of the other person's messages. Absent if there was too much to read. */
  count: z.optional(z.number()),
  /** Only messages later than this are counted. */
  after: time,
  /** The newest time that is counted. */
  through: time,
});

/**
 * The attribute `unread` of a group row or a read marker: how many messages of the other person are later than `after` and not
 * later than `through`. It names what it was counted for, so that a copy of it elsewhere does not count: on a row, `through`
 * is the row's time; on a marker, `after` is `read_up_to` (docs/decisions/0008).
 */
export type StoredUnread = z.output<typeof schema>;

/** Reads such an attribute; `undefined` if it is absent or something else. */
export function parseUnread(attribute: unknown): StoredUnread | undefined {
  return attribute === undefined ? undefined : z.safeParse(schema, attribute).data;
}
