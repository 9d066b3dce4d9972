import {
  type Database,
  indexClears,
  indexMessages,
  isDatabaseUnavailable,
  isDataRefused,
  withoutValues,
} from '@cruddur/db';
import type { TableRef } from '@cruddur/ddb';
import type { StreamHandler } from './create-handler.ts';
import { parseIndexedRecords, type Reported } from './indexed-records.ts';
import type { NonRetryable } from './park/park-records.ts';
import { createRecipients } from './recipients.ts';
import { type Failure, type ReportDeps, reportBatch } from './report-batch.ts';

export interface IndexHandlerDeps extends ReportDeps {
  table: TableRef;
  db: Database;
}

/**
 * Creates the handler that keeps the search index: it writes the new, edited and deleted messages of a batch, and what people have
 * cleared, and reports the first record that failed. Lambda then repeats that record and all after it: the index keeps
 * the newest version of each message, so repeated and reordered records change nothing, nor do redriven ones. Records that cannot be
 * read, and those whose values PostgreSQL refuses, are parked: no retry can fix them.
 */
export function createIndexHandler({ table: ref, db, ...deps }: IndexHandlerDeps): StreamHandler {
  const onMalformedItem = (error: Error) => deps.logger.warn('malformed item skipped', error);
  const addRecipients = createRecipients({ ...ref, onMalformedItem });

  return async (event, context) => {
    const { messages, clears, malformed } = parseIndexedRecords(event.Records);
    const { addressed, ...unaddressed } = await addRecipients(messages);
    const written = await writeAll(addressed, (items) => indexMessages(db, items));
    const cleared = await writeAll(clears, (items) => indexClears(db, items));
    return reportBatch(deps, event, context, {
      failures: [...unaddressed.failures, ...written.failures, ...cleared.failures],
      nonRetryable: [...malformed, ...unaddressed.nonRetryable, ...written.nonRetryable, ...cleared.nonRetryable],
      counts: { MessagesIndexed: written.count, ClearsIndexed: cleared.count },
    });
  };
}

interface Written {
  count: number;
  failures: Failure[];
  nonRetryable: NonRetryable[];
}

/**
 * Writes items in one statement. If PostgreSQL refuses it, they are written one after the other, up to the first that fails: those
 * whose values it refuses do not hold up the others.
 */
async function writeAll<Item>(
  reported: readonly Reported<Item>[],
  write: (items: Item[]) => Promise<void>,
): Promise<Written> {
  const result: Written = { count: 0, failures: [], nonRetryable: [] };
  try {
    await write(reported.map(({ item }) => item));
    return { ...result, count: reported.length };
  } catch (thrown) {
    const [first] = reported;
    if (first && (reported.length === 1 || isDatabaseUnavailable(thrown))) {
      const { record, index } = first;
      const error = withoutValues(thrown);
      if (isDataRefused(thrown)) return { ...result, nonRetryable: [{ record, index, error }] };
      return { ...result, failures: [{ index, error }] };
    }
  }
  for (const each of reported) {
    const { count, failures, nonRetryable } = await writeAll([each], write);
    result.count += count;
    result.failures.push(...failures);
    result.nonRetryable.push(...nonRetryable);
    if (failures.length > 0) break;
  }
  return result;
}
