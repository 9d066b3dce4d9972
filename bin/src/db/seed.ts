import { SEEDED_PEOPLE } from '@cruddur/config/seed';
import { listUsersByHandle, seedPeople } from '@cruddur/db';
import { type CommandIo, operatorCommand, yesOption } from '../cli/command.ts';
import { confirmOnProd } from '../cli/confirmation.ts';
import { databaseName, type OperatorSession, openSession } from '../cli/session.ts';
import { withDatabase } from '../cli/with-database.ts';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/seed', {
    summary:
      'Creates the missing seeded people; existing ones stay as they are. ' +
      'On prod, confirm by typing the name of the database.',
    examples: ['bin/db/seed', 'bin/db/seed prod --yes cruddur'],
  })
    .addOption(yesOption('database'))
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['postgres'] });
      const name = databaseName(session.target);
      await confirmOnProd(session, { name, action: `seed the database ${name}`, yes: options.yes });
      await seed(session);
    });

export async function seed(session: OperatorSession): Promise<void> {
  const handles = SEEDED_PEOPLE.map(({ handle }) => handle);
  const { before, after } = await withDatabase(session, async (db) => ({
    before: await listUsersByHandle(db, handles),
    after: await seedPeople(db),
  }));
  const known = new Set(before.map(({ uuid }) => uuid));
  const made = after.filter(({ uuid }) => !known.has(uuid)).map(({ handle }) => handle);
  const present = before.map(({ handle }) => handle);
  const created = made.length > 0 && `Created ${made.join(', ')}.`;
  const existing = present.length > 0 && `Already present: ${present.join(', ')}.`;
  await session.out.result({ made, present }, [created, existing].filter(Boolean).join(' '));
}
