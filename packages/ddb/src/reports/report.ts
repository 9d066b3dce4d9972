import { hash } from 'node:crypto';
import { REPORT_REASONS, type ReportReason } from '@cruddur/config';
import * as z from 'zod/mini';
import { type Person, personOf, personShape } from '../members/person.ts';
import type { MessageItem, Quote } from '../messages/message.ts';
import type { MessageVersion } from '../messages/message-version.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { getItem } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { isoOf } from '../table/time.ts';

/** A message as it was when it was reported. Times are ISO 8601 in UTC, microseconds. */
export interface MessageSnapshot {
  uuid: string;
  sender: Person;
  /** Empty if it had been deleted. */
  message: string;
  createdAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  /** The beginning of the message that it replies to. */
  repliesTo: string | null;
}

export interface Report {
  id: string;
  reportedAt: string;
  reporter: Person;
  reason: ReportReason;
  note: string | null;
  messageGroupUuid: string;
  message: MessageSnapshot & { versions: MessageVersion[] };
  /** Oldest first. */
  before: MessageSnapshot[];
  after: MessageSnapshot[];
  /** `null` while it is open. */
  resolution: { at: string; by: string; reason: string } | null;
}

const messageShape = {
  message_uuid: z.string(),
  sent_at: z.string(),
  message: z.string(),
  ...personShape,
  edited_at: z.optional(z.string()),
  deleted_at: z.optional(z.string()),
  replies_to: z.optional(z.string()),
};
const version = z.object({ revision: z.number(), message: z.string(), written_at: z.string() });

/**
 * A report as stored. Its copies of messages are separate items: editing and deleting do not change them. The group is not
 * in `message_group_uuid`, which would put the item into the index.
 */
export const reportSchema = itemSchema({
  pk: z.string(),
  sk: z.string(),
  report_id: z.string(),
  reported_at: z.string(),
  reporter: z.object(personShape),
  reason: z.enum(REPORT_REASONS),
  note: z.optional(z.string()),
  group_uuid: z.string(),
  message: z.object({ ...messageShape, versions: z.array(version) }),
  before: z.array(z.object(messageShape)),
  after: z.array(z.object(messageShape)),
  resolved_at: z.optional(z.string()),
  resolved_by: z.optional(z.string()),
  resolution: z.optional(z.string()),
});
export type ReportItem = z.output<typeof reportSchema>;
type StoredMessage = ReportItem['before'][number];

/**
 * The id of a person's report of a message: the same for each attempt. Too long to find another message's id for it, although
 * clients choose the ids of messages.
 */
export function reportIdOf(reporterUuid: string, messageGroupUuid: string, messageUuid: string): string {
  return hash('sha256', JSON.stringify([reporterUuid, messageGroupUuid, messageUuid])).slice(0, 32);
}

/**
 * Longest text in a snapshot, in UTF-16 code units: twice what a message of ours can have. The origin's have no limit, and an
 * item has 400 kB.
 */
const TEXT_MAX = 4096;
export const cutText = (text: string): string => text.slice(0, TEXT_MAX);

/** A copy of a message for a report. */
export function storedMessage(item: MessageItem, replyTo: Quote | null): StoredMessage {
  const { message_uuid, sk, message, user_uuid, user_handle, user_display_name, edited_at, deleted_at } = item;
  return {
    message_uuid,
    sent_at: sk,
    message: cutText(message),
    user_uuid,
    user_handle,
    user_display_name,
    ...(edited_at !== undefined && { edited_at }),
    ...(deleted_at !== undefined && { deleted_at }),
    ...(replyTo && { replies_to: replyTo.excerpt }),
  };
}

export function toReport(item: ReportItem): Report {
  const { message, resolved_at, resolved_by = '', resolution = '' } = item;
  const versions = message.versions.map(({ revision, message: text, written_at }) => ({
    revision,
    message: text,
    createdAt: isoOf(written_at),
  }));
  return {
    id: item.report_id,
    reportedAt: isoOf(item.reported_at),
    reporter: personOf(item.reporter),
    reason: item.reason,
    note: item.note ?? null,
    messageGroupUuid: item.group_uuid,
    message: { ...toSnapshot(message), versions },
    before: item.before.map(toSnapshot),
    after: item.after.map(toSnapshot),
    resolution: resolved_at === undefined ? null : { at: isoOf(resolved_at), by: resolved_by, reason: resolution },
  };
}

function toSnapshot(stored: StoredMessage): MessageSnapshot {
  const { message_uuid: uuid, message, sent_at, edited_at, deleted_at, replies_to } = stored;
  return {
    uuid,
    sender: personOf(stored),
    message,
    createdAt: isoOf(sent_at),
    editedAt: edited_at === undefined ? null : isoOf(edited_at),
    deletedAt: deleted_at === undefined ? null : isoOf(deleted_at),
    repliesTo: replies_to ?? null,
  };
}

/** A report by its id, strongly consistent. */
export async function findReport(table: TableRef, reportId: string): Promise<Report | undefined> {
  const item = await getItem(table, reportSchema, keys.report(reportId));
  return item && toReport(item);
}
