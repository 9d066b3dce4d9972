import { SEEDED_PEOPLE } from '@cruddur/config/seed';
import { listUsersByHandle, seedPeople } from '@cruddur/db';
import type { CommandIo } from '../frame/command-io.ts';
import { confirmOnProd } from '../frame/confirmation.ts';
import { operatorCommand, prodArgument, yesOption } from '../frame/operator-command.ts';
import { databaseName, openSession, type Session } from '../frame/session.ts';
import { withDatabase } from '../frame/with-database.ts';

/** Inserts the seeded people. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/seed', {
    summary:
      'Makes the seeded people who are missing; those who are there stay as they are. ' +
      'On prod the name of the database has to be typed again.',
    examples: ['bin/db/seed', 'bin/db/seed prod --yes cruddur'],
  })
    .addArgument(prodArgument())
    .addOption(yesOption('database'))
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['postgres'] });
      const name = databaseName(session.target);
      await confirmOnProd(session, { name, deed: `seed the database ${name}`, yes: options.yes });
      await seed(session);
    });

/** Also a step of `bin/db/setup`. */
export async function seed(session: Session): Promise<void> {
  const handles = SEEDED_PEOPLE.map(({ handle }) => handle);
  const { before, after } = await withDatabase(session, async (db) => ({
    before: await listUsersByHandle(db, handles),
    after: await seedPeople(db),
  }));
  const known = new Set(before.map(({ uuid }) => uuid));
  const made = after.filter(({ uuid }) => !known.has(uuid)).map(({ handle }) => handle);
  const present = before.map(({ handle }) => handle);
  const sentences = [
    ...(made.length > 0 ? [`Made ${made.join(', ')}.`] : []),
    ...(present.length > 0 ? [`There already: ${present.join(', ')}.`] : []),
  ];
  await session.out.result({ made, present }, sentences.join(' '));
}
