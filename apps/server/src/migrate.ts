import { ensureDatabase, ensureRoles, migrateDatabase } from '@cruddur/db';
import { readMigrateEnv } from './env.ts';

// Every deployment runs this before it starts the server. It migrates the database to the newest schema, and can be
// repeated. An error ends the process with 1, and the deployment with it.
try {
  const { databaseUrl, roles } = readMigrateEnv();
  await ensureDatabase(databaseUrl);
  await migrateDatabase(databaseUrl);
  if (roles) await ensureRoles(databaseUrl, roles);
  process.stdout.write('The database has the newest schema.\n');
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The database was not migrated. ${reason}\n`);
  process.exitCode = 1;
}
