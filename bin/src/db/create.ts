import { ensureDatabase } from '@cruddur/db';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import { describeDatabase, type OperatorSession, openSession } from '../cli/session.ts';
import { withDatabaseUrl } from '../cli/with-database.ts';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/create', {
    summary: 'Creates an empty database. An existing one stays as it is.',
    examples: ['bin/db/create', 'bin/db/create prod'],
  }).action(async (where, options) => {
    await create(await openSession(io, where, options, { services: ['postgres'] }));
  });

export async function create(session: OperatorSession): Promise<void> {
  const created = await withDatabaseUrl(session, ensureDatabase);
  const database = describeDatabase(session.target);
  await session.out.result(
    { database, created },
    created ? `Created the database ${database}.` : `The database ${database} already exists.`,
  );
}
