import {
  createDatabase,
  type Database,
  findDatabaseError,
  isDatabaseUnavailable,
  MigrationError,
  type OnQuery,
  withoutValues,
} from '@cruddur/db';
import { parseDatabaseUrl } from '@cruddur/db/database-url';
import { CommandError, failed, unanswered } from './errors.ts';
import type { Output } from './output.ts';
import { describeDatabase, type OperatorSession, type OperatorTarget } from './session.ts';

/** Longer than a request's. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** Connects to the session's database while `use` runs. @throws {CommandError} if PostgreSQL does not answer or refuses */
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

/** The same for a function that opens its own connection, for example to a database that does not exist yet. */
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
  const refusal = findDatabaseError(cause);
  if (refusal === undefined) {
    if (!isDatabaseUnavailable(cause)) return withoutValues(cause);
    const { url, embedded } = target.postgres;
    const address = parseDatabaseUrl(url).server;
    return unanswered({ name: 'PostgreSQL', prod: target.prod, embedded, address, variable: 'DATABASE_URL' }, cause);
  }
  const bin = (name: string) => `bin/db/${name}${target.prod ? ' prod' : ''}`;
  const problems: Record<string, string> = {
    '3D000': `There is no database ${database}: create it with ${bin('create')}.`,
    '42P01': `The database ${database} lacks tables: create them with ${bin('schema-load')}.`,
  };
  const { code = '', message } = refusal;
  return failed(problems[code] ?? `PostgreSQL failed (${code}): ${message}`, { cause });
}

function printQuery(out: Output, statement: string, parameters: readonly unknown[]): void {
  const oneLine = statement.replaceAll(/\s+/g, ' ').trim();
  out.say((colors) => {
    const shown = parameters.length > 0 ? ` ${colors.dim(JSON.stringify(parameters))}` : '';
    return `${colors.cyan('SQL')} ${oneLine}${shown}`;
  });
}
