import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { ReportReason } from '@cruddur/config';
import { namedIn, type Person } from '../members/person.ts';
import { type MessageAddress, requireMessage } from '../messages/find-message.ts';
import { type MessageItem, messageSchema } from '../messages/message.ts';
import { listVersions } from '../messages/message-version.ts';
import { readMessages } from '../messages/read-messages.ts';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { firstPage, inPartition } from '../table/query-items.ts';
import { retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime } from '../table/time.ts';
import { putIfAbsent, readTransactionFailure } from '../table/transaction.ts';
import { cutText, type ReportItem, reportIdOf, storedMessage } from './report.ts';

/** Messages before the reported one, and as many after it, that a report shows. */
const AROUND = 5;

export interface ReportMessageInput extends MessageAddress {
  reporter: Person;
  reason: ReportReason;
  note?: string | undefined;
}

/**
 * Reports another person's message to the moderators, with a copy of it, of its earlier versions and of the messages around it.
 * Idempotent: a person's further reports of a message change nothing, also once it is resolved. Two reads, then three in
 * parallel, and one transaction: some 20 units. The caller checks membership.
 *
 * @returns the report's id
 * @throws {MessageStoreError} `message_not_found`, `report_of_own_message`
 */
export async function reportMessage(store: TableRef & WithClock, input: ReportMessageInput): Promise<string> {
  const message = await requireMessage(store, input);
  if (message.user_uuid === input.reporter.uuid) throw new MessageStoreError('report_of_own_message');
  const report = await takeSnapshot(store, input, message);
  const pointer = {
    pk: keys.reports('open'),
    sk: `${report.reported_at}#${report.report_id}`,
    report_id: report.report_id,
  };
  const write = { TransactItems: [putIfAbsent(store, report), putIfAbsent(store, pointer)] };
  await retryOnConflict(async () => {
    try {
      await store.client.send(new TransactWriteCommand(write), { abortSignal: store.signal });
    } catch (error) {
      // The person has reported the message before.
      readTransactionFailure(error);
    }
  }, store);
  return report.report_id;
}

async function takeSnapshot(
  store: TableRef & WithClock,
  { messageGroupUuid, reporter, reason, note }: ReportMessageInput,
  message: MessageItem,
): Promise<ReportItem> {
  const [older, newer, versions] = await Promise.all([
    readNext(store, message, '<'),
    readNext(store, message, '>'),
    listVersions(store, messageGroupUuid, message),
  ]);
  const before = older.toReversed();
  const items = [...before, message, ...newer];
  const messages = await readMessages(store, messageGroupUuid, items);
  const stored = items.map((item, i) => storedMessage(item, messages[i]?.replyTo ?? null));
  const at = before.length;
  const reportId = reportIdOf(reporter.uuid, messageGroupUuid, message.message_uuid);
  return {
    ...keys.report(reportId),
    report_id: reportId,
    reported_at: formatTime(store.clock()),
    reporter: namedIn(reporter),
    reason,
    ...(note !== undefined && { note }),
    group_uuid: messageGroupUuid,
    message: {
      ...(stored[at] ?? storedMessage(message, null)),
      versions: versions.map(({ sk, message: text, written_at }) => ({
        revision: Number(sk),
        message: cutText(text),
        written_at,
      })),
    },
    before: stored.slice(0, at),
    after: stored.slice(at + 1),
  };
}

/** The messages next to one in its thread, nearest first; strongly consistent. */
async function readNext(table: TableRef, { pk, sk }: MessageItem, side: '<' | '>'): Promise<MessageItem[]> {
  const { items } = await firstPage(table, messageSchema, {
    ...inPartition(pk, `sk ${side} :sk`, { ':sk': sk }),
    ConsistentRead: true,
    ScanIndexForward: side === '>',
    Limit: AROUND,
  });
  return items;
}
