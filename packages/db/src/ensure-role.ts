import { type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { parseDatabaseUrl } from './database-url.ts';
import { withClient } from './with-client.ts';

/** Whom the server signs in to PostgreSQL as. */
export interface Role {
  name: string;
  /** For a role that this call makes. One that is there keeps its own, which a rotation may have changed. */
  password: string;
}

/**
 * Makes a role that may read, add and change rows of every table there is, and nothing else: the server's, so that it
 * does not sign in as the owner. To be called after each migration; calls at the same time all succeed.
 */
export async function ensureRole(url: string, { name, password }: Role): Promise<void> {
  const role = sql.identifier(name);
  const database = sql.identifier(parseDatabaseUrl(url).name);
  await withClient(url, async (client) => {
    await drizzle(client).transaction(async (tx) => {
      const run = async (statement: SQL) => void (await tx.execute(statement));
      await run(sql`select pg_advisory_xact_lock(hashtext(${name}))`);
      const { rows } = await tx.execute(sql`select from pg_roles where rolname = ${name}`);
      if (rows.length === 0)
        await run(sql`create role ${role} login password ${sql.raw(client.escapeLiteral(password))}`);
      await run(sql`grant connect on database ${database} to ${role}`);
      await run(sql`grant usage on schema public to ${role}`);
      await run(sql`grant select, insert, update on all tables in schema public to ${role}`);
    });
  });
}
