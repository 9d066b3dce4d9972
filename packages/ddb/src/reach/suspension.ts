import * as z from 'zod/mini';
import type { Moderator } from '../audit/moderation.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { getItem } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { isoOf } from '../table/time.ts';

/** Who suspended a person, when (ISO 8601 in UTC, microseconds) and why. */
export interface Suspension extends Moderator {
  at: string;
}

export const suspensionSchema = itemSchema({
  pk: z.string(),
  sk: z.string(),
  suspended_at: z.string(),
  suspended_by: z.string(),
  reason: z.string(),
});
type SuspensionItem = z.output<typeof suspensionSchema>;

export const toSuspension = ({ suspended_at, suspended_by: by, reason }: SuspensionItem): Suspension => ({
  at: isoOf(suspended_at),
  by,
  reason,
});

/** A person's suspension, strongly consistent: 1 read unit, and half of one if there is none. */
export async function findSuspension(table: TableRef, userUuid: string): Promise<Suspension | undefined> {
  const item = await getItem(table, suspensionSchema, keys.suspension(userUuid));
  return item && toSuspension(item);
}
