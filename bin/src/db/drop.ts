import { dropDatabase, listSessions } from '@cruddur/db';
import type { CommandIo } from '../frame/command-io.ts';
import { prepareConfirmation } from '../frame/confirmation.ts';
import { failed } from '../frame/errors.ts';
import { operatorCommand, prodArgument, yesOption } from '../frame/operator-command.ts';
import { databaseName, describeDatabase, openSession } from '../frame/session.ts';
import { count } from '../frame/text.ts';
import { withDatabaseUrl } from '../frame/with-database.ts';

/** Drops the database. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/drop', {
    summary:
      'Drops the database with everything in it, after its name has been typed again. Connections that are open to it ' +
      'are ended.',
    examples: ['bin/db/drop', 'bin/db/drop prod --yes cruddur'],
  })
    .addArgument(prodArgument())
    .addOption(yesOption('database'))
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['postgres'] });
      const name = databaseName(session.target);
      const database = describeDatabase(session.target);
      const confirm = prepareConfirmation({ name, deed: `drop the database ${database}`, yes: options.yes }, io);
      const sessions = await withDatabaseUrl(session, listSessions);
      const open = sessions.filter((one) => one.database === name).length;
      if (open > 0) session.out.say(`${count(open, 'connection')} to it will be ended (bin/db/sessions shows them).`);
      await confirm();
      const dropped = await withDatabaseUrl(session, dropDatabase);
      if (!dropped) throw failed(`There is no database ${database}.`);
      await session.out.result({ database, dropped }, `Dropped the database ${database}.`);
    });
