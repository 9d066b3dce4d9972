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
      "Writes the sub of each user in the pool to the row of their handle, so that people's tokens lead to their rows. " +
      'A user gets a row only if their verified e-mail address is the one in it, and if they have no other row. ' +
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

const REFUSALS: Record<CognitoIdsReport['refused'][number]['reason'], string> = {
  email_unverified: 'its e-mail address is not verified',
  email_differs: "its e-mail address is not the row's",
  has_row: 'it has a row already',
  ambiguous: 'another account has the same claim',
};

function describeReport({ updated, unchanged, unknown, refused }: CognitoIdsReport): string {
  const names = (handles: string[]) => handles.map(printable).join(', ') || 'none';
  return [
    `Updated: ${names(updated)}`,
    `Unchanged: ${names(unchanged)}`,
    `Unknown to Postgres: ${names(unknown)}`,
    ...refused.map(
      ({ handle, sub, reason }) => `Refused: ${printable(handle)} for account ${sub}: ${REFUSALS[reason]}.`,
    ),
  ].join('\n');
}
