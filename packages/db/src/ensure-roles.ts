import { type SQL, sql } from 'drizzle-orm';
import { withConnection } from './client.ts';
import { parseDatabaseUrl } from './database-url.ts';

/** The roles of the programs that are not the owner. */
export interface DatabaseRoles {
  /** The API's. */
  api: string;
  /** That of the Lambda that keeps the search index. */
  index: string;
}

/** What each program may do with which table, and nothing else. A new table needs a line here. */
const RIGHTS: Record<keyof DatabaseRoles, Record<string, SQL>> = {
  api: {
    // The upsert of `createUser` names this column, without changing it.
    users: sql`select, insert, update (cognito_user_id)`,
    user_settings: sql`select, insert, update`,
    search_messages: sql`select`,
    search_cleared: sql`select`,
  },
  index: {
    search_messages: sql`select, insert, update`,
    search_cleared: sql`select, insert, update`,
  },
};

/** Amazon RDS has this role: its members sign in with a token of IAM, and cannot sign in with a password any more. */
const IAM_ROLE = 'rds_iam';

/**
 * Creates the roles of the programs, and gives them exactly their rights. Call it after every migration. Concurrent calls all succeed;
 * programs that are connected notice nothing. The roles have no password: they sign in by IAM where PostgreSQL has the role
 * `rds_iam`; elsewhere an operator gives them one, which later calls keep.
 */
export async function ensureRoles(url: string, roles: DatabaseRoles, { iamRole = IAM_ROLE } = {}): Promise<void> {
  const database = sql.identifier(parseDatabaseUrl(url).name);
  await withConnection(url, {}, async (db) => {
    await db.transaction(async (tx) => {
      const run = async (statement: SQL) => void (await tx.execute(statement));
      const exists = async (name: string) =>
        (await tx.execute(sql`select from pg_roles where rolname = ${name}`)).rows.length > 0;
      await run(sql`select pg_advisory_xact_lock(hashtext('cruddur roles'))`);
      const hasIam = await exists(iamRole);
      for (const program of ['api', 'index'] as const) {
        const role = sql.identifier(roles[program]);
        if (!(await exists(roles[program]))) await run(sql`create role ${role} login`);
        if (hasIam) await run(sql`grant ${sql.identifier(iamRole)} to ${role}`);
        await run(sql`grant connect on database ${database} to ${role}`);
        await run(sql`grant usage on schema public to ${role}`);
        await run(sql`revoke all on all tables in schema public from ${role}`);
        for (const [table, rights] of Object.entries(RIGHTS[program])) {
          await run(sql`grant ${rights} on ${sql.identifier(table)} to ${role}`);
        }
      }
    });
  });
}
