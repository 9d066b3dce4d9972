import { type CognitoIdsReport, updateCognitoUserIds } from '@cruddur/db';
import type { CommandIo } from '../frame/command-io.ts';
import { listUsers } from '../frame/list-users.ts';
import { operatorCommand, prodArgument } from '../frame/operator-command.ts';
import { openSession, type Session } from '../frame/session.ts';
import { printable } from '../frame/text.ts';
import { withDatabase } from '../frame/with-database.ts';

/** Copies the ids of Cognito's users to Postgres. */
export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/update_cognito_user_ids', {
    summary:
      "Takes handle and sub of every user in the pool into Postgres, so that people's tokens lead to their rows. " +
      'Handles that Postgres does not have are reported, not added.',
    examples: ['bin/db/update_cognito_user_ids', 'bin/db/update_cognito_user_ids prod --json'],
  })
    .addArgument(prodArgument())
    .action(async (where, options) => {
      await updateIds(await openSession(io, where, options, { services: ['postgres', 'cognito'] }));
    });

/** Also a step of `bin/db/setup`. */
export async function updateIds(session: Session): Promise<void> {
  const report = await withDatabase(session, (db) => updateCognitoUserIds(db, listUsers(session)));
  await session.out.result(report, describeReport(report));
}

const WORDS: Record<keyof CognitoIdsReport, string> = {
  updated: 'Updated',
  unchanged: 'Unchanged',
  unknown: 'Unknown to Postgres',
  ambiguous: 'Claimed by several users, left as they were',
  released: 'Without an id now, as it went to another',
};

function describeReport(report: CognitoIdsReport): string {
  const kinds = ['updated', 'unchanged', 'unknown', 'ambiguous', 'released'] as const;
  const shown = kinds.filter((kind, i) => i < 3 || report[kind].length > 0);
  return shown.map((kind) => `${WORDS[kind]}: ${report[kind].map(printable).join(', ') || 'none'}`).join('\n');
}
