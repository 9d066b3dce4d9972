import { migrateDatabase } from '@cruddur/db';
import type { CommandIo } from '../frame/command-io.ts';
import { operatorCommand, prodArgument } from '../frame/operator-command.ts';
import { describeDatabase, openSession, type Session } from '../frame/session.ts';
import { withDatabaseUrl } from '../frame/with-database.ts';

/** Migrates the database. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/schema-load', {
    summary: 'Brings the database to the newest schema. Rows stay, also those of a database that the origin made.',
    examples: ['bin/db/schema-load', 'bin/db/schema-load prod --verbose'],
  })
    .addArgument(prodArgument())
    .action(async (where, options) => {
      await loadSchema(await openSession(io, where, options, { services: ['postgres'] }));
    });

/** Also a step of `bin/db/setup`. */
export async function loadSchema(session: Session): Promise<void> {
  await withDatabaseUrl(session, migrateDatabase);
  const database = describeDatabase(session.target);
  await session.out.result({ database, schema: 'newest' }, `The database ${database} has the newest schema.`);
}
