import { spawn } from 'node:child_process';
import { pingDatabase } from '@cruddur/db';
import type { CommandIo } from '../frame/command-io.ts';
import { failed, refused } from '../frame/errors.ts';
import { bareCommand, prodArgument } from '../frame/operator-command.ts';
import { openSession } from '../frame/session.ts';
import { withDatabase } from '../frame/with-database.ts';

/** Opens psql. */
export const createCommand = (io: CommandIo) =>
  bareCommand(io, 'bin/db/connect', {
    summary: "Opens psql on the database. psql itself comes with PostgreSQL's client programs.",
    examples: ['bin/db/connect', "echo 'select handle from users' | bin/db/connect prod"],
  })
    .addArgument(prodArgument())
    .action(async (where) => {
      const session = await openSession(io, where, {}, { services: ['postgres'] });
      await withDatabase(session, pingDatabase);
      await runPsql(session.target.postgres.url, io.env);
    });

async function runPsql(databaseUrl: string, env: CommandIo['env']): Promise<void> {
  const url = new URL(databaseUrl);
  // The process list shows arguments to everyone, but the environment only to the owner.
  const password = url.password === '' ? {} : { PGPASSWORD: decodeURIComponent(url.password) };
  url.password = '';
  const code = await runHere('psql', [url.href], { ...env, ...password }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw refused("psql is not installed: it comes with PostgreSQL's client programs (postgresql-client).", { cause });
  });
  if (code !== 0) throw failed(`psql ended with ${code ?? 'a signal'}.`);
}

/** Runs a program on this process's own streams. Returns its exit code. */
async function runHere(program: string, args: readonly string[], env: CommandIo['env']): Promise<number | null> {
  // The program handles Ctrl-C: in psql it ends a statement, not the session.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  try {
    return await new Promise<number | null>((resolve, reject) => {
      spawn(program, args, { stdio: 'inherit', env }).once('error', reject).once('exit', resolve);
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}
