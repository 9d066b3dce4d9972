import { randomBytes } from 'node:crypto';
import { readStackEnv, type StackEnv } from '@cruddur/config/env';
import { parseDatabaseUrl } from '@cruddur/db/database-url';
import type { CommandIo } from './command.ts';
import { refused } from './errors.ts';
import { createOutput, type Output, type OutputFlags } from './output.ts';

type Service = 'dynamodb' | 'postgres' | 'cognito';

export interface OperatorTarget extends StackEnv {
  prod: boolean;
}

/** What a command works with. */
export interface OperatorSession {
  target: OperatorTarget;
  out: Output;
  io: CommandIo;
}

/**
 * Reads where the services are. On prod, prints them before anything is done.
 *
 * @param needs.tableName - replaces the environment's
 * @throws {EnvError} naming invalid variables
 * @throws {CommandError} if the environment lacks what the command needs
 */
export async function openSession(
  io: CommandIo,
  where: 'prod' | undefined,
  flags: OutputFlags,
  needs: { services: readonly Service[]; tableName?: string },
): Promise<OperatorSession> {
  const out = createOutput(flags, io);
  const stack = readStackEnv({
    ...io.env,
    // Only the server needs these: a command's cursors live as long as the command, and it signs no one in.
    CURSOR_SECRET: io.env.CURSOR_SECRET || randomBytes(32).toString('hex'),
    COGNITO_CLIENT_ID: io.env.COGNITO_CLIENT_ID || 'none',
  });
  const local = { ...stack, tableName: needs.tableName ?? stack.tableName, prod: false };
  if (needs.services.includes('postgres')) requireDatabaseName(stack.postgres.url);
  const target = where === 'prod' ? await openProd(local, needs.services, out) : local;
  if (needs.services.includes('dynamodb')) requireExplicitAws(target);
  return { target, out, io };
}

async function openProd(local: OperatorTarget, services: readonly Service[], out: Output): Promise<OperatorTarget> {
  if (services.includes('postgres') && local.postgres.embedded) {
    throw refused('On prod, DATABASE_URL must be set.');
  }
  if (services.includes('cognito') && local.cognito.embedded) {
    throw refused('On prod, COGNITO_USER_POOL_ID must be set.');
  }
  // Loaded on demand: local commands start faster without this part of the SDK.
  const { findAwsAccount } = await import('./aws-account.ts');
  const { region, account } = await findAwsAccount(services.some((service) => service !== 'postgres'));
  const target = {
    ...local,
    prod: true,
    region: region ?? local.region,
    dynamodb: notEmbedded(local.dynamodb),
    cognito: notEmbedded(local.cognito),
  };
  const lines = [
    ['account', account],
    ['region', region ?? 'unknown'],
    ...services.map((service) => describeService(service, target)),
  ];
  for (const [name, value] of lines) out.say((colors) => `${colors.bold(`prod ${name}:`)} ${value}`);
  return target;
}

function notEmbedded<T extends { embedded: boolean; endpoint?: string }>(service: T): T {
  return service.embedded ? { ...service, embedded: false, endpoint: undefined } : service;
}

function describeService(service: Service, target: OperatorTarget): [string, string] {
  const at = ({ endpoint }: { endpoint?: string }) => (endpoint === undefined ? '' : ` at ${endpoint}`);
  switch (service) {
    case 'dynamodb':
      return ['table', `${target.tableName}${at(target.dynamodb)}`];
    case 'postgres':
      return ['database', describeDatabase(target)];
    case 'cognito':
      return ['user pool', `${target.cognito.userPoolId}${at(target.cognito)}`];
  }
}

/** `name at host:port`, without user and password. */
export function describeDatabase({ postgres }: OperatorTarget): string {
  const { name, server } = parseDatabaseUrl(postgres.url);
  return `${name} at ${server}`;
}

export function databaseName({ postgres }: OperatorTarget): string {
  return parseDatabaseUrl(postgres.url).name;
}

function requireDatabaseName(url: string): void {
  try {
    parseDatabaseUrl(url);
  } catch (cause) {
    throw refused('DATABASE_URL names a server but no database: end it with /NAME.', { cause });
  }
}

/** Without `prod`, a command must not reach AWS because of variables that happen to be set in the shell. */
function requireExplicitAws({ prod, dynamodb }: OperatorTarget): void {
  if (prod || dynamodb.endpoint !== undefined) return;
  throw refused(
    'The environment points to AWS (AWS_REGION and credentials). Add prod if that is intended; otherwise set ' +
      'AWS_ENDPOINT_URL_DYNAMODB, or unset AWS_REGION to use the local stack.',
  );
}
