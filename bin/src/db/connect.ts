import { spawn } from 'node:child_process';
import { pingDatabase } from '@cruddur/db';
import { childEnv } from '../env.ts';
import { failed, refused } from '../frame/errors.ts';
import { bareCommand, prodArgument } from '../frame/operator-command.ts';
import { openSession } from '../frame/session.ts';
import { withDatabase } from '../frame/with-database.ts';

/** Opens psql. */
export const command = bareCommand('bin/db/connect', {
  summary: "Opens psql on the database. psql itself comes with PostgreSQL's client programs.",
  examples: ['bin/db/connect', "echo 'select handle from users' | bin/db/connect prod"],
})
  .addArgument(prodArgument())
  .action(async (where) => {
    const session = await openSession(where, {}, { services: ['postgres'] });
    await withDatabase(session, pingDatabase);
    await runPsql(session.target.postgres.url);
  });

async function runPsql(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  // The list of processes shows arguments to everybody, but the environment to their owner alone.
  const env = childEnv(url.password === '' ? {} : { PGPASSWORD: decodeURIComponent(url.password) });
  url.password = '';
  const psql = spawn('psql', [url.href], { stdio: 'inherit', env });
  // Ctrl-C is psql's own affair: it ends a statement there, not the session.
  process.on('SIGINT', () => undefined);
  const code = await new Promise<number | null>((resolve, reject) => {
    psql.once('error', reject);
    psql.once('exit', resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw refused("psql is not installed: it comes with PostgreSQL's client programs (postgresql-client).", { cause });
  });
  if (code !== 0) throw failed(`psql ended with ${code ?? 'a signal'}.`);
}
