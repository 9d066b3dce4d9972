import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';

/** Longest payload of a notification, in bytes of UTF-8: PostgreSQL takes less than 8,000. */
export const NOTIFICATION_MAX_BYTES = 7999;

/**
 * Sends payloads to everybody who listens to a channel, in order, in one statement.
 *
 * @param payloads - each of at most `NOTIFICATION_MAX_BYTES`
 */
export async function notify(db: Database, channel: string, payloads: readonly string[]): Promise<void> {
  // As JSON, since Drizzle spreads an array over as many parameters as it has elements.
  await db.execute(
    sql`select pg_notify(${channel}, payload) from json_array_elements_text(${JSON.stringify(payloads)}::json) as payload`,
  );
}
