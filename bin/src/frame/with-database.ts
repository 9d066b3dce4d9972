import { createDatabase, type Database, isDatabaseUnavailable, MigrationError, type OnQuery } from '@cruddur/db';
import { CommandError, failed } from './errors.ts';
import type { Output } from './output.ts';
import { describeDatabase, type Session } from './session.ts';
import type { Target } from './target.ts';
import { unanswered } from './unanswered.ts';

/** An operator's statement may take longer than a request's. */
const STATEMENT_TIMEOUT_MS = 60_000;

/**
 * Connects to the session's database for as long as `use` runs.
 *
 * @throws {CommandError} in one sentence, if PostgreSQL does not answer or refuses
 */
export async function withDatabase<T>(session: Session, use: (db: Database) => Promise<T>): Promise<T> {
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

/** The same for a function that opens its connection itself, to a database that does not exist yet for example. */
export async function withDatabaseUrl<T>(
  { target, out }: Session,
  use: (url: string, options: { onQuery?: OnQuery }) => Promise<T>,
): Promise<T> {
  try {
    return await use(target.postgres.url, out.verbose ? { onQuery: (...query) => sayQuery(out, ...query) } : {});
  } catch (error) {
    throw explain(error, target);
  }
}

function explain(error: unknown, target: Target): unknown {
  if (error instanceof CommandError) return error;
  const { prod, postgres } = target;
  const database = describeDatabase(target);
  if (error instanceof MigrationError) return failed(error.message, { cause: error });
  const answer = findAnswer(error);
  if (answer === undefined) {
    if (!isDatabaseUnavailable(error)) return error;
    const address = database.replace(/^.* at /, '');
    return unanswered('PostgreSQL', { prod, embedded: postgres.embedded, address, variable: 'DATABASE_URL' }, error);
  }
  const options = { cause: error };
  const bin = (name: string) => `bin/db/${name}${prod ? ' prod' : ''}`;
  if (answer.code === '3D000')
    return failed(`There is no database ${database}: make it with ${bin('create')}.`, options);
  if (answer.code === '42P01') {
    return failed(`The database ${database} lacks its tables: make them with ${bin('schema-load')}.`, options);
  }
  return failed(`PostgreSQL said no (${answer.code}): ${answer.message}`, options);
}

/** The error of PostgreSQL itself, which the libraries wrap in theirs. */
function findAnswer(error: unknown): { code: string; message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('severity' in error && 'code' in error) return { code: String(error.code), message: error.message };
  return findAnswer(error.cause);
}

function sayQuery(out: Output, statement: string, parameters: readonly unknown[]): void {
  const oneLine = statement.replaceAll(/\s+/g, ' ').trim();
  out.say((colors) => {
    const shown = parameters.length > 0 ? ` ${colors.dim(JSON.stringify(parameters))}` : '';
    return `${colors.cyan('SQL')} ${oneLine}${shown}`;
  });
}
