import type { StackEnv } from '@cruddur/config/env';
import { parseDatabaseUrl } from '@cruddur/db/database-url';
import { readOperatorEnv } from '../env.ts';
import type { CommandIo } from './command-io.ts';
import { refused } from './errors.ts';
import { createOutput, type Output } from './output.ts';
import { localTarget, prodTarget, type Service, type Target } from './target.ts';

/** What a command works with. */
export interface Session {
  target: Target;
  out: Output;
  io: CommandIo;
}

/** The options that every command has. */
export interface Flags {
  json?: true | undefined;
  verbose?: true | undefined;
}

/**
 * Begins a command: finds out where its services are, and on prod says so before anything is done.
 *
 * @param needs.tableName - replaces the environment's
 * @throws {CommandError} if the environment does not name what the command needs
 */
export async function openSession(
  io: CommandIo,
  where: 'prod' | undefined,
  flags: Flags,
  needs: { services: readonly Service[]; tableName?: string },
): Promise<Session> {
  const out = createOutput({ json: flags.json === true, verbose: flags.verbose === true }, io);
  const stack = readOperatorEnv(io.env);
  if (needs.services.includes('postgres')) requireDatabaseName(stack.postgres.url);
  const target = where === 'prod' ? await openProd(stack, needs.services, out, needs) : localTarget(stack);
  if (needs.services.includes('dynamodb')) requireNamedDynamoDb(target);
  return { target: { ...target, tableName: needs.tableName ?? target.tableName }, out, io };
}

async function openProd(
  stack: StackEnv,
  services: readonly Service[],
  out: Output,
  { tableName = stack.tableName }: { tableName?: string },
): Promise<Target> {
  if (services.includes('postgres') && stack.postgres.embedded) {
    throw refused('On prod the database is the one that DATABASE_URL names, and it is not set.');
  }
  if (services.includes('cognito') && stack.cognito.embedded) {
    throw refused('On prod the user pool is the one that COGNITO_USER_POOL_ID names, and it is not set.');
  }
  // Local commands start faster without this part of the SDK.
  const { findAwsAccount } = await import('./aws-account.ts');
  const { region, account } = await findAwsAccount(services.some((service) => service !== 'postgres'));
  const target = { ...prodTarget(stack, region ?? stack.region), tableName };
  const lines: [string, string][] = [
    ['account', account],
    ['region', region ?? 'unknown'],
    ...services.map((service) => describeService(service, target)),
  ];
  for (const [name, value] of lines) out.say((colors) => `${colors.bold(`prod ${name}:`)} ${value}`);
  return target;
}

function describeService(service: Service, target: Target): [string, string] {
  const at = (endpoint: string | undefined) => (endpoint === undefined ? '' : ` at ${endpoint}`);
  switch (service) {
    case 'dynamodb':
      return ['table', `${target.tableName}${at(target.dynamodb.endpoint)}`];
    case 'postgres':
      return ['database', describeDatabase(target)];
    case 'cognito':
      return ['user pool', `${target.cognito.userPoolId}${at(target.cognito.endpoint)}`];
  }
}

/** `name at host:port`: neither user nor password. */
export function describeDatabase({ postgres }: Target): string {
  const { name, server } = parseDatabaseUrl(postgres.url);
  return `${name} at ${server}`;
}

/** Only the name, as it has to be typed to confirm. */
export function databaseName({ postgres }: Target): string {
  return parseDatabaseUrl(postgres.url).name;
}

function requireDatabaseName(url: string): void {
  try {
    parseDatabaseUrl(url);
  } catch (cause) {
    throw refused('DATABASE_URL names a server but no database: end it with /NAME.', { cause });
  }
}

/** A command without `prod` must not reach AWS because of variables that happen to be set in the shell. */
function requireNamedDynamoDb({ prod, dynamodb }: Target): void {
  if (prod || dynamodb.endpoint !== undefined) return;
  throw refused(
    'The environment names AWS itself (AWS_REGION and credentials): say prod if that is meant, or set ' +
      'AWS_ENDPOINT_URL_DYNAMODB, or unset AWS_REGION to reach the local stack.',
  );
}
