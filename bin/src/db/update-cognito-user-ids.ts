import { type CognitoIdsReport, updateCognitoUserIds } from '@cruddur/db';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import { listUsers } from '../cli/list-users.ts';
import { type OperatorSession, openSession } from '../cli/session.ts';
import { printable } from '../cli/text.ts';
import { withDatabase } from '../cli/with-database.ts';

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/db/update_cognito_user_ids', {
    summary:
      "Writes each Cognito user's sub to the row with their handle, so that their tokens find the row. The user's " +
      "verified e-mail address must be the row's, and the user must not have another row. " +
      'Handles that Postgres does not have are reported, not added.',
    examples: ['bin/db/update_cognito_user_ids', 'bin/db/update_cognito_user_ids prod --json'],
  }).action(async (where, options) => {
    await updateIds(await openSession(io, where, options, { services: ['postgres', 'cognito'] }));
  });

export async function updateIds(session: OperatorSession): Promise<void> {
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
