import { ensureDatabase } from '@cruddur/db';
import type { CommandIo } from '../frame/command-io.ts';
import { operatorCommand, prodArgument } from '../frame/operator-command.ts';
import { describeDatabase, openSession, type Session } from '../frame/session.ts';
import { withDatabaseUrl } from '../frame/with-database.ts';

/** Creates the database. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/create', {
    summary: 'Creates the database, empty. One that is there stays as it is.',
    examples: ['bin/db/create', 'bin/db/create prod'],
  })
    .addArgument(prodArgument())
    .action(async (where, options) => {
      await create(await openSession(io, where, options, { services: ['postgres'] }));
    });

/** Also a step of `bin/db/setup`. */
export async function create(session: Session): Promise<void> {
  const created = await withDatabaseUrl(session, ensureDatabase);
  const database = describeDatabase(session.target);
  await session.out.result(
    { database, created },
    created ? `Created the database ${database}.` : `The database ${database} is there already.`,
  );
}
