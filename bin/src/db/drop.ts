import { dropDatabase, listSessions } from '@cruddur/db';
import { type CommandIo, operatorCommand, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { failed } from '../cli/errors.ts';
import { databaseName, describeDatabase, openSession } from '../cli/session.ts';
import { count } from '../cli/text.ts';
import { withDatabaseUrl } from '../cli/with-database.ts';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/drop', {
    summary: 'Drops the database and its data after you confirm by typing its name. Closes open connections to it.',
    examples: ['bin/db/drop', 'bin/db/drop prod --yes cruddur'],
  })
    .addOption(yesOption('database'))
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['postgres'] });
      const name = databaseName(session.target);
      const database = describeDatabase(session.target);
      const confirm = prepareConfirmation({ name, action: `drop the database ${database}`, yes: options.yes }, io);
      const sessions = await withDatabaseUrl(session, listSessions);
      const open = sessions.filter((one) => one.database === name).length;
      if (open > 0) session.out.say(`${count(open, 'connection')} to it will be closed (bin/db/sessions shows them).`);
      await confirm();
      const dropped = await withDatabaseUrl(session, dropDatabase);
      if (!dropped) throw failed(`There is no database ${database}.`);
      await session.out.result({ database, dropped }, `Dropped the database ${database}.`);
    });
