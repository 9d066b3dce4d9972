import { migrateDatabase } from '@cruddur/db';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import { describeDatabase, type OperatorSession, openSession } from '../cli/session.ts';
import { withDatabaseUrl } from '../cli/with-database.ts';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/schema-load', {
    summary: 'Migrates the database to the newest schema. Keeps all rows, including those of a database of the origin.',
    examples: ['bin/db/schema-load', 'bin/db/schema-load prod --verbose'],
  }).action(async (where, options) => {
    await loadSchema(await openSession(io, where, options, { services: ['postgres'] }));
  });

export async function loadSchema(session: OperatorSession): Promise<void> {
  await withDatabaseUrl(session, migrateDatabase);
  const database = describeDatabase(session.target);
  await session.out.result({ database, schema: 'newest' }, `The database ${database} has the newest schema.`);
}
