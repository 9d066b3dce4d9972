import { type SQL, sql } from 'drizzle-orm';
import { withConnection } from './client.ts';
import { parseDatabaseUrl } from './database-url.ts';

/**
 * Creates a role for the server that can only read, insert and update rows, so that it does not sign in as the owner.
 * Call it after every migration. Concurrent calls all succeed. An existing role keeps its password, which a rotation may
 * have changed.
 */
export async function ensureRole(url: string, { name, password }: { name: string; password: string }): Promise<void> {
  const role = sql.identifier(name);
  const database = sql.identifier(parseDatabaseUrl(url).name);
  await withConnection(url, {}, async (db, client) => {
    await db.transaction(async (tx) => {
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
