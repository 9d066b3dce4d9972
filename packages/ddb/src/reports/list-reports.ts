import * as z from 'zod/mini';
import { batchGet } from '../table/batch.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { listPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Report, reportSchema, toReport } from './report.ts';

export type ReportStatus = 'open' | 'resolved';

/** Where a report is listed. */
const pointerSchema = itemSchema({ pk: z.string(), sk: z.string(), report_id: z.string() });

/**
 * A page of reports, strongly consistent: open ones as a queue, oldest first; resolved ones newest first, by the time of the
 * report. A report that is resolved meanwhile may be on no page.
 *
 * @param page.after - the `next` of the page before
 */
export async function listReports(
  table: TableRef,
  status: ReportStatus,
  page: { limit: number; after?: string | undefined },
): Promise<{ items: Report[]; next: string | undefined }> {
  const { items: pointers, next } = await listPage(table, pointerSchema, {
    pk: keys.reports(status),
    isNewer: status === 'open',
    isConsistent: true,
    ...page,
  });
  const wanted = pointers.map(({ report_id }) => keys.report(report_id));
  const found = new Map((await batchGet(table, reportSchema, wanted)).map((item) => [item.report_id, item]));
  const items = pointers.flatMap(({ report_id }) => {
    const item = found.get(report_id);
    return item ? [toReport(item)] : [];
  });
  return { items, next };
}
