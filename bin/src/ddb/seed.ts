import { listUsersByHandle, type User } from '@cruddur/db';
import { type SeedOutcome, seedConversation } from '@cruddur/ddb/seed';
import type { CommandIo } from '../frame/command-io.ts';
import { confirmOnProd } from '../frame/confirmation.ts';
import { refused } from '../frame/errors.ts';
import { operatorCommand, prodArgument, yesOption } from '../frame/operator-command.ts';
import { withProgress } from '../frame/progress.ts';
import { openSession, type Session } from '../frame/session.ts';
import { withDatabase } from '../frame/with-database.ts';
import { withTable } from '../frame/with-table.ts';

const HANDLES = ['andrewbrown', 'bayko'] as const;

const OTHER_PEOPLE =
  'The table has the conversation of an earlier andrewbrown and bayko, whose uuids are not those of Postgres: nothing ' +
  'was written. To start again: bin/ddb/drop, bin/ddb/schema-load, bin/ddb/seed.';

/** Writes the seeded conversation. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/seed', {
    summary:
      'Writes the seeded conversation between andrewbrown and bayko, with their uuids from Postgres. ' +
      'Running it again doubles nothing. On prod the name of the table has to be typed again.',
    examples: ['bin/ddb/seed', 'bin/ddb/seed prod --yes cruddur-messages'],
  })
    .addArgument(prodArgument())
    .addOption(yesOption('table'))
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['dynamodb', 'postgres'] });
      const name = session.target.tableName;
      await confirmOnProd(session, { name, deed: `seed the table ${name}`, yes: options.yes });
      const people = await findPeople(session);
      const outcome = await withProgress(session, 'Seeding', (update) =>
        withTable(session, (table) =>
          seedConversation(table, people, {
            onProgress: (done, total) => update(`Seeding: ${done} of ${total} messages`),
          }),
        ),
      );
      if (outcome.kind === 'other-people') throw refused(OTHER_PEOPLE);
      const { kind, ...details } = outcome;
      await session.out.result({ table: name, outcome: kind, ...details }, describeOutcome(outcome));
    });

async function findPeople(session: Session): Promise<{ andrewbrown: User; bayko: User }> {
  const [andrewbrown, bayko] = await withDatabase(session, (db) => listUsersByHandle(db, HANDLES));
  if (andrewbrown && bayko) return { andrewbrown, bayko };
  throw refused('Postgres does not know both andrewbrown and bayko: bin/db/seed makes them.');
}

function describeOutcome(outcome: Exclude<SeedOutcome, { kind: 'other-people' }>): string {
  switch (outcome.kind) {
    case 'written':
      return `Wrote the conversation: ${outcome.messages} messages.`;
    case 'present':
      return 'The conversation is there already.';
    case 'other-group':
      return `The two have a conversation of their own (group ${outcome.messageGroupUuid}): nothing was written.`;
  }
}
