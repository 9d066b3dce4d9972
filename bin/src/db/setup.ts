import type { CommandIo } from '../frame/command-io.ts';
import { confirmOnProd } from '../frame/confirmation.ts';
import { operatorCommand, prodArgument, yesOption } from '../frame/operator-command.ts';
import { databaseName, openSession } from '../frame/session.ts';
import { create } from './create.ts';
import { loadSchema } from './schema-load.ts';
import { seed } from './seed.ts';
import { updateIds } from './update-cognito-user-ids.ts';

/** Creates the database and fills it. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/setup', {
    summary:
      'Creates the database, brings it to the newest schema, makes the seeded people and takes their ids over from ' +
      'Cognito. May be run again. On prod the name of the database has to be typed again.',
    examples: ['bin/db/setup', 'bin/db/setup prod --yes cruddur'],
  })
    .addArgument(prodArgument())
    .addOption(yesOption('database'))
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['postgres', 'cognito'] });
      const name = databaseName(session.target);
      await confirmOnProd(session, { name, deed: `set up the database ${name}`, yes: options.yes });
      for (const step of [create, loadSchema, seed, updateIds]) await step(session);
    });
