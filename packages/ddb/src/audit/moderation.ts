import * as z from 'zod/mini';
import { namedIn, type Person, personOf, personShape } from '../members/person.ts';
import type { WithClock } from '../table/clock.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { listPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, isoOf, type Micros } from '../table/time.ts';

const ACTIONS = ['resolve', 'suspend', 'unsuspend'] as const;

/** A moderator who acts, and why. */
export interface Moderator {
  by: string;
  reason: string;
}

/** Something that a moderator did. */
export interface ModerationEntry extends Moderator {
  /** ISO 8601 in UTC, microseconds. */
  at: string;
  action: (typeof ACTIONS)[number];
  /** The person that it concerns. */
  person: Person;
  /** The report that was resolved. */
  reportId: string | null;
}

/** What moderators did, as stored. Nothing changes or deletes these items. */
const moderationSchema = itemSchema({
  pk: z.string(),
  sk: z.string(),
  action: z.enum(ACTIONS),
  done_by: z.string(),
  reason: z.string(),
  person: z.object(personShape),
  report_id: z.optional(z.string()),
});

/** The table of a function that writes entries. */
export interface ModerationStore extends TableRef, WithClock {
  /** Makes keys of entries unique. */
  newUuid: () => string;
}

/** The part of a transaction that writes an entry: an action and its entry are written together, or not at all. */
export function moderationPut(
  { tableName, newUuid }: ModerationStore,
  at: Micros,
  entry: Omit<ModerationEntry, 'at' | 'reportId'> & { reportId?: string },
) {
  const { action, by, reason, person, reportId } = entry;
  const Item = {
    pk: keys.moderation(),
    sk: `${formatTime(at)}#${newUuid()}`,
    action,
    done_by: by,
    reason,
    person: namedIn(person),
    ...(reportId !== undefined && { report_id: reportId }),
  } satisfies z.output<typeof moderationSchema>;
  return { Put: { TableName: tableName, Item } };
}

/**
 * A page of what moderators did, newest first.
 *
 * @param page.after - the `next` of the page before
 */
export async function listModeration(
  table: TableRef,
  page: { limit: number; after?: string | undefined },
): Promise<{ items: ModerationEntry[]; next: string | undefined }> {
  const { items, next } = await listPage(table, moderationSchema, {
    pk: keys.moderation(),
    isConsistent: true,
    ...page,
  });
  const entries = items.map(({ sk, action, done_by: by, reason, person, report_id }) => ({
    at: isoOf(sk.split('#')[0] ?? sk),
    action,
    by,
    reason,
    person: personOf(person),
    reportId: report_id ?? null,
  }));
  return { items: entries, next };
}
