import type { StackEnv } from '@cruddur/config/env';
import { SEEDED_PASSWORD, SEEDED_PEOPLE } from '@cruddur/config/seed';
import { CONFIRMATION_CODE } from '../cognito/emulator.ts';

/** The lines to print after the start: addresses, and who can sign in. */
export function describeStack(stack: StackEnv, { oneAddress = false } = {}): string {
  const { dynamodb, postgres, cognito } = stack;
  const from = (embedded: boolean) => (embedded ? '' : '  (yours)');
  const addresses: [string, string][] = [
    ['Web', `http://localhost:${stack.webPort}${oneAddress ? '  (built, with the API behind it)' : ''}`],
    ['API', `http://localhost:${stack.apiPort}`],
    ['DynamoDB', `${dynamodb.endpoint ?? `AWS ${stack.region}`}, table ${stack.tableName}${from(dynamodb.embedded)}`],
    ['PostgreSQL', `${postgres.embedded ? postgres.url : withoutPassword(postgres.url)}${from(postgres.embedded)}`],
    ['Cognito', `${cognito.endpoint ?? 'AWS'}, pool ${cognito.userPoolId}${from(cognito.embedded)}`],
  ];
  const signIns = SEEDED_PEOPLE.map((person) => person.handle).join(', ');
  return [
    '',
    ...addresses.map(([name, address]) => `  ${name.padEnd(12)}${address}`),
    ...(cognito.embedded
      ? [
          '',
          `  Sign in as ${signIns}, password ${SEEDED_PASSWORD}`,
          `  Codes that would be emailed are ${CONFIRMATION_CODE}`,
        ]
      : []),
    '',
  ].join('\n');
}

function withoutPassword(url: string): string {
  const masked = new URL(url);
  if (masked.password !== '') masked.password = '***';
  return masked.href;
}
