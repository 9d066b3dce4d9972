import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type ModerationStore, type Moderator, moderationPut } from '../audit/moderation.ts';
import { personOf } from '../members/person.ts';
import { keys } from '../table/keys.ts';
import { getItem } from '../table/query-items.ts';
import { Conflict, retryOnConflict } from '../table/retry.ts';
import { formatTime } from '../table/time.ts';
import { readTransactionFailure } from '../table/transaction.ts';
import { type Report, type ReportItem, reportSchema, toReport } from './report.ts';

/**
 * Resolves a report: it moves from the open to the resolved ones, with who did it and why. One that is resolved already stays as
 * it is.
 *
 * @returns the report, and whether this call resolved it; `undefined` if there is none
 */
export async function resolveReport(
  store: ModerationStore,
  reportId: string,
  moderator: Moderator,
): Promise<{ report: Report; isResolvedNow: boolean } | undefined> {
  return retryOnConflict(async () => {
    const item = await getItem(store, reportSchema, keys.report(reportId));
    if (!item) return undefined;
    if (item.resolved_at !== undefined) return { report: toReport(item), isResolvedNow: false };
    return { report: toReport(await writeResolution(store, item, moderator)), isResolvedNow: true };
  }, store);
}

/** @throws {Conflict} if another moderator resolved it meanwhile */
async function writeResolution(
  store: ModerationStore,
  item: ReportItem,
  { by, reason }: Moderator,
): Promise<ReportItem> {
  const { tableName: TableName } = store;
  const { pk, sk, report_id, reported_at } = item;
  const now = store.clock();
  const resolved = { resolved_at: formatTime(now), resolved_by: by, resolution: reason };
  const pointer = { sk: `${reported_at}#${report_id}` };
  const update = {
    TableName,
    Key: { pk, sk },
    UpdateExpression: 'SET resolved_at = :at, resolved_by = :by, resolution = :reason',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(resolved_at)',
    ExpressionAttributeValues: { ':at': resolved.resolved_at, ':by': by, ':reason': reason },
  };
  const entry = { action: 'resolve', by, reason, person: personOf(item.message), reportId: report_id } as const;
  const write = new TransactWriteCommand({
    TransactItems: [
      { Update: update },
      { Delete: { TableName, Key: { pk: keys.reports('open'), ...pointer } } },
      { Put: { TableName, Item: { pk: keys.reports('resolved'), ...pointer, report_id } } },
      moderationPut(store, now, entry),
    ],
  });
  try {
    await store.client.send(write, { abortSignal: store.signal });
  } catch (error) {
    throw new Conflict({ cause: readTransactionFailure(error).error });
  }
  return { ...item, ...resolved };
}
