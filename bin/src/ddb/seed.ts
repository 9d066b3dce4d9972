import { listUsersByHandle, type User } from '@cruddur/db';
import { type SeedOutcome, seedConversation } from '@cruddur/ddb/seed';
import { type CommandIo, operatorCommand, yesOption } from '../cli/command.ts';
import { confirmOnProd } from '../cli/confirmation.ts';
import { refused } from '../cli/errors.ts';
import { type OperatorSession, openSession } from '../cli/session.ts';
import { withDatabase } from '../cli/with-database.ts';
import { withTable } from '../cli/with-table.ts';

const HANDLES = ['andrewbrown', 'bayko'] as const;

const OTHER_PEOPLE =
  'Nothing was written: the table has the conversation of an earlier andrewbrown and bayko, with other uuids than in ' +
  'Postgres. To start again: bin/ddb/drop, bin/ddb/schema-load, bin/ddb/seed.';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/seed', {
    summary:
      'Writes the seeded conversation between andrewbrown and bayko, with their uuids from Postgres. ' +
      'Safe to run again. On prod, confirm by typing the name of the table.',
    examples: ['bin/ddb/seed', 'bin/ddb/seed prod --yes cruddur-messages'],
  })
    .addOption(yesOption('table'))
    .action(async (where, options) => {
      const session = await openSession(io, where, options, { services: ['dynamodb', 'postgres'] });
      const name = session.target.tableName;
      await confirmOnProd(session, { name, action: `seed the table ${name}`, yes: options.yes });
      const people = await findPeople(session);
      const outcome = await session.out.withProgress('Seeding', (update) =>
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

async function findPeople(session: OperatorSession): Promise<{ andrewbrown: User; bayko: User }> {
  const [andrewbrown, bayko] = await withDatabase(session, (db) => listUsersByHandle(db, HANDLES));
  if (andrewbrown && bayko) return { andrewbrown, bayko };
  throw refused('Postgres does not have both andrewbrown and bayko: run bin/db/seed.');
}

function describeOutcome(outcome: Exclude<SeedOutcome, { kind: 'other-people' }>): string {
  switch (outcome.kind) {
    case 'written':
      return `Wrote the conversation: ${outcome.messages} messages.`;
    case 'present':
      return 'The conversation already exists.';
    case 'other-group':
      return `Nothing was written: the two already have a conversation (group ${outcome.messageGroupUuid}).`;
  }
}
