import * as z from 'zod/mini';
import { type Person, personOf, personShape } from '../members/person.ts';
import type { WithCursors } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { listPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { isoOf } from '../table/time.ts';

/** That a person blocks another one, whose names are in it. */
export const blockSchema = itemSchema({ pk: z.string(), sk: z.string(), ...personShape, blocked_at: z.string() });

export interface BlockedPerson extends Person {
  /** ISO 8601 in UTC, microseconds. */
  blockedAt: string;
}

/**
 * A page of the people that a person blocks, in the order of their uuids.
 *
 * @throws {MessageStoreError} `cursor_invalid`
 */
export async function listBlocked(
  store: TableRef & WithCursors,
  input: { userUuid: string; limit: number; cursor?: string | undefined },
): Promise<{ items: BlockedPerson[]; nextCursor: string | null }> {
  const { userUuid, limit, cursor } = input;
  const binding = ['blocked', userUuid];
  const after = cursor === undefined ? undefined : store.cursors.open(binding, cursor).after;
  const page = { pk: keys.blocks(userUuid), limit, after, isNewer: true, isConsistent: true };
  const { items, next } = await listPage(store, blockSchema, page);
  return {
    items: items.map((item) => ({ ...personOf(item), blockedAt: isoOf(item.blocked_at) })),
    nextCursor: next === undefined ? null : store.cursors.seal(binding, { after: next }),
  };
}
