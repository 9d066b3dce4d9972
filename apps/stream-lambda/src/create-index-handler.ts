import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { type Database, indexClears, indexMessages, isDatabaseUnavailable, withoutValues } from '@cruddur/db';
import type { TableRef } from '@cruddur/ddb';
import type { StreamHandler } from './create-handler.ts';
import { parseIndexedRecords, type Reported } from './indexed-records.ts';
import { createRecipients } from './recipients.ts';
import { type Failure, reportBatch } from './report-batch.ts';

export interface IndexHandlerDeps {
  table: TableRef;
  db: Database;
  logger: Logger;
  metrics?: Metrics;
}

/**
 * Creates the handler that keeps the search index: it writes the new, edited and deleted messages of a batch, and what people have
 * cleared, and reports the first record that failed. Lambda then repeats that record and all after it: the index keeps
 * the newest version of each message, so repeated and reordered records change nothing. A malformed record is logged with
 * its key and skipped.
 */
export function createIndexHandler({ table: ref, db, logger, metrics }: IndexHandlerDeps): StreamHandler {
  const onMalformedItem = (error: Error) => logger.warn('malformed item skipped', error);
  const addRecipients = createRecipients({ ...ref, onMalformedItem });

  return async (event) => {
    const { messages, clears, malformed } = parseIndexedRecords(event.Records);
    const { addressed, ...unaddressed } = await addRecipients(messages);
    const failures = [
      ...unaddressed.failures,
      ...(await writeAll(addressed, (items) => indexMessages(db, items))),
      ...(await writeAll(clears, (items) => indexClears(db, items))),
    ];
    return reportBatch({ logger, metrics }, event, {
      failures,
      malformed: [...malformed, ...unaddressed.malformed],
      counts: { MessagesIndexed: addressed.length, ClearsIndexed: clears.length },
    });
  };
}

/**
 * Writes items in one statement. If PostgreSQL refuses it, they are written one after the other, so that the failure is that of
 * the first item that it refuses.
 */
async function writeAll<Item>(
  reported: readonly Reported<Item>[],
  write: (items: Item[]) => Promise<void>,
): Promise<Failure[]> {
  try {
    await write(reported.map(({ item }) => item));
    return [];
  } catch (error) {
    const [first] = reported;
    if (first && (reported.length === 1 || isDatabaseUnavailable(error))) {
      return [{ index: first.index, error: withoutValues(error) }];
    }
  }
  for (const each of reported) {
    const failures = await writeAll([each], write);
    if (failures.length > 0) return failures;
  }
  return [];
}
