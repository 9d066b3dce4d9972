import { createDatabase, type Database, isDatabaseUnavailable, MigrationError, type OnQuery } from '@cruddur/db';
import { CommandError, failed, unanswered } from './errors.ts';
import type { Output } from './output.ts';
import { describeDatabase, type OperatorSession, type OperatorTarget } from './session.ts';

/** Longer than a request's. */
const STATEMENT_TIMEOUT_MS = 60_000;

/**
 * Connects to the session's database while `use` runs.
 *
 * @throws {CommandError} if PostgreSQL does not answer or refuses
 */
export async function withDatabase<T>(session: OperatorSession, use: (db: Database) => Promise<T>): Promise<T> {
  return await withDatabaseUrl(session, async (url, { onQuery }) => {
    const { db, close } = createDatabase(url, {
      max: 2,
      statementTimeoutMillis: STATEMENT_TIMEOUT_MS,
      queryTimeoutMillis: STATEMENT_TIMEOUT_MS + 500,
      applicationName: 'cruddur-bin',
      onQuery,
    });
    try {
      return await use(db);
    } finally {
      await close();
    }
  });
}

/** The same for a function that connects by itself, for example to a database that does not exist yet. */
export async function withDatabaseUrl<T>(
  { target, out }: OperatorSession,
  use: (url: string, options: { onQuery?: OnQuery }) => Promise<T>,
): Promise<T> {
  const onQuery: OnQuery = (...query) => printQuery(out, ...query);
  try {
    return await use(target.postgres.url, { onQuery: out.verbose ? onQuery : undefined });
  } catch (error) {
    throw explain(error, target);
  }
}

function explain(cause: unknown, target: OperatorTarget): unknown {
  if (cause instanceof CommandError) return cause;
  if (cause instanceof MigrationError) return failed(cause.message, { cause });
  const database = describeDatabase(target);
  const refusal = findRefusal(cause);
  if (refusal === undefined) {
    if (!isDatabaseUnavailable(cause)) return cause;
    const { prod, postgres } = target;
    const address = database.replace(/^.* at /, '');
    return unanswered(
      { name: 'PostgreSQL', prod, embedded: postgres.embedded, address, variable: 'DATABASE_URL' },
      cause,
    );
  }
  const bin = (name: string) => `bin/db/${name}${target.prod ? ' prod' : ''}`;
  switch (refusal.code) {
    case '3D000':
      return failed(`There is no database ${database}: create it with ${bin('create')}.`, { cause });
    case '42P01':
      return failed(`The database ${database} has no tables: create them with ${bin('schema-load')}.`, { cause });
    default:
      return failed(`PostgreSQL failed (${refusal.code}): ${refusal.message}`, { cause });
  }
}

/** The error of PostgreSQL itself, which the libraries wrap. */
function findRefusal(error: unknown): { code: string; message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('severity' in error && 'code' in error) return { code: String(error.code), message: error.message };
  return findRefusal(error.cause);
}

function printQuery(out: Output, statement: string, parameters: readonly unknown[]): void {
  const oneLine = statement.replaceAll(/\s+/g, ' ').trim();
  out.say((colors) => {
    const shown = parameters.length > 0 ? ` ${colors.dim(JSON.stringify(parameters))}` : '';
    return `${colors.cyan('SQL')} ${oneLine}${shown}`;
  });
}
