import { type CommandIo, operatorCommand, yesOption } from '../cli/command.ts';
import { confirmOnProd } from '../cli/confirmation.ts';
import { databaseName, openSession } from '../cli/session.ts';
import { create } from './create.ts';
import { loadSchema } from './schema-load.ts';
import { seed } from './seed.ts';
import { updateIds } from './update-cognito-user-ids.ts';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/setup', {
    summary:
      'Creates the database, migrates it to the newest schema, creates the seeded people and copies their ids from ' +
      'Cognito. Safe to run again. On prod, confirm by typing the name of the database.',
    examples: ['bin/db/setup', 'bin/db/setup prod --yes cruddur'],
  })
    .addOption(yesOption('database'))
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['postgres', 'cognito'] });
      const name = databaseName(session.target);
      await confirmOnProd(session, { name, action: `set up the database ${name}`, yes: options.yes });
      for (const step of [create, loadSchema, seed, updateIds]) await step(session);
    });
