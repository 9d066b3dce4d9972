import { type ModerationStore, type Moderator, moderationPut } from '../audit/moderation.ts';
import { personOf } from '../members/person.ts';
import { EXPIRY_ATTRIBUTE, keys } from '../table/keys.ts';
import { getItem } from '../table/query-items.ts';
import { retryOnConflict } from '../table/retry.ts';
import { formatTime } from '../table/time.ts';
import { writeAsRead } from '../table/transaction.ts';
import { type Report, type ReportItem, reportSchema, toReport } from './report.ts';

/** How long a resolved report is kept. */
export const RESOLVED_REPORT_DAYS = 180;

/**
 * Resolves a report: it moves from the open to the resolved ones, with who did it and why, and is erased
 * {@link RESOLVED_REPORT_DAYS} later. One that is resolved already stays as it is.
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
  const expiry = { [EXPIRY_ATTRIBUTE]: Math.floor(now / 1_000_000) + RESOLVED_REPORT_DAYS * 86_400 };
  const update = {
    TableName,
    Key: { pk, sk },
    UpdateExpression: 'SET resolved_at = :at, resolved_by = :by, resolution = :reason, #expiry = :expiry',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(resolved_at)',
    ExpressionAttributeNames: { '#expiry': EXPIRY_ATTRIBUTE },
    ExpressionAttributeValues: {
      ':at': resolved.resolved_at,
      ':by': by,
      ':reason': reason,
      ':expiry': expiry[EXPIRY_ATTRIBUTE],
    },
  };
  const entry = { action: 'resolve', by, reason, person: personOf(item.message), reportId: report_id } as const;
  await writeAsRead(store, [
    { Update: update },
    { Delete: { TableName, Key: { pk: keys.reports('open'), ...pointer } } },
    { Put: { TableName, Item: { pk: keys.reports('resolved'), ...pointer, report_id, ...expiry } } },
    moderationPut(store, now, entry),
  ]);
  return { ...item, ...resolved };
}
