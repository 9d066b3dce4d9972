import { spawn } from 'node:child_process';
import { pingDatabase } from '@cruddur/db';
import { bareCommand, type CommandIo, prodArgument } from '../cli/command.ts';
import { failed, refused } from '../cli/errors.ts';
import { openSession } from '../cli/session.ts';
import { withDatabase } from '../cli/with-database.ts';

export const createCommand = (io: CommandIo) =>
  bareCommand(io, 'bin/db/connect', {
    summary: "Opens psql on the database. psql is part of PostgreSQL's client programs.",
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
  // Other users can see a process's arguments, but not its environment.
  const password = url.password === '' ? {} : { PGPASSWORD: decodeURIComponent(url.password) };
  url.password = '';
  const code = await runInTerminal('psql', [url.href], { ...env, ...password }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
      throw refused("psql is not installed: it is part of PostgreSQL's client programs (postgresql-client).", {
        cause,
      });
    },
  );
  if (code !== 0) throw failed(`psql ended with ${code ?? 'a signal'}.`);
}

/** Runs a program on this process's streams. Returns its exit code. */
async function runInTerminal(program: string, args: readonly string[], env: CommandIo['env']): Promise<number | null> {
  // Leave Ctrl-C to the program: in psql it ends a statement, not the session.
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
