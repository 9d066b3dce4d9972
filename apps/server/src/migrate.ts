import { ensureDatabase, ensureRole, migrateDatabase } from '@cruddur/db';
import { readMigrateEnv } from './env.ts';

// A step of every deployment, before the server that needs it: brings the database to the newest schema, and may be run
// again. An error ends the process with 1, and with it the deployment.
try {
  const { databaseUrl, serverRole } = readMigrateEnv();
  await ensureDatabase(databaseUrl);
  await migrateDatabase(databaseUrl);
  if (serverRole) await ensureRole(databaseUrl, serverRole);
  process.stdout.write('The database has the newest schema.\n');
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The database was not migrated. ${reason}\n`);
  process.exitCode = 1;
}
