import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { synthesise } from './support/deployment.ts';
import { actionsOf, statementsOf } from './support/policies.ts';

const ROOT_DIR = fileURLToPath(new URL('../..', import.meta.url));

/** DynamoDB's permission for each command of the SDK. */
const ACTION_OF: Record<string, string> = {
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Query: 'Query',
  Scan: 'Scan',
  Update: 'UpdateItem',
};

/**
 * The DynamoDB actions that programs use: the commands left in their bundles after tree shaking, and the parts of their
 * transactions.
 */
async function tableActionsOf(...entries: string[]): Promise<string[]> {
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => `${ROOT_DIR}${entry}`),
    bundle: true,
    write: false,
    outdir: 'out',
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*', 'pg-native'],
    logLevel: 'error',
  });
  const code = outputFiles.map(({ text }) => text).join('\n');
  const called = [...code.matchAll(/\bnew ([A-Z]\w*?)Command\d*\(|\bpaginate([A-Z][a-z]+)\d*\(/g)].map(
    ([, command, pages]) => command ?? pages ?? '',
  );
  const transacted = called.includes('TransactWrite')
    ? [...code.matchAll(/[{,]\s*(ConditionCheck|Delete|Put|Update): /g)].map(([, part = '']) => part)
    : [];
  const ofOthers = new Set(['GetUser', 'GetCallerIdentity', 'GetSecretValue', 'SendMessageBatch']);
  const names = [...called, ...transacted].filter((name) => name !== 'TransactWrite' && !ofOthers.has(name));
  return [...new Set(names)].map((name) => `dynamodb:${ACTION_OF[name] ?? name}`).sort();
}

/** The roles of PostgreSQL as which statements allow to sign in. */
function rolesOf(statements: ReturnType<typeof statementsOf>): unknown[] {
  const signIns = statements.filter(({ Action }) => [Action].flat().includes('rds-db:connect'));
  expect(signIns.map(({ Action }) => Action)).toEqual(signIns.map(() => 'rds-db:connect'));
  return signIns.map(({ Resource }) => /:dbuser:\*\/(\w+)"/.exec(JSON.stringify(Resource))?.[1]);
}

/** The partition keys to which statements limit some actions, which must be given. */
function keysOf(statements: ReturnType<typeof statementsOf>, actions: RegExp): unknown[] {
  const limited = statements.filter(({ Action }) => actions.test([Action].flat().join(' ')));
  return limited.map(({ Condition }) => {
    expect(Condition).toMatchObject({ Null: { 'dynamodb:LeadingKeys': 'false' } });
    return (Condition as Record<string, Record<string, unknown>>)['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  });
}

describe('the permissions of the API', () => {
  const deployment = synthesise();
  const statements = statementsOf(deployment, 'api', 'TasksServerTaskRole');

  it('are exactly the table actions that its code uses', async () => {
    const asked = await tableActionsOf('apps/server/src/main.ts');
    expect(asked).toContain('dynamodb:PutItem');
    expect(actionsOf(statements)).toEqual([...asked, 'rds-db:connect']);
  });

  it('let it sign in to PostgreSQL as its role only', () => {
    expect(rolesOf(statements)).toEqual(['cruddur_api']);
  });

  it('include no scan and no table administration', () => {
    expect(actionsOf(statements).join(' ')).not.toMatch(/Scan|Table|\*/);
  });

  it('are limited to the table and its index', () => {
    const resources = JSON.stringify(statements.map(({ Resource }) => Resource));
    expect(resources).not.toContain('"*"');
    expect(resources.match(/\/[\w-]+"/g)).toEqual(['/message-group-sk-index"', '/cruddur_api"']);
  });

  it('allow updates in place only of read markers, gates, devices, messages and earlier versions', () => {
    expect(keysOf(statements, /UpdateItem/)).toEqual([['READ#*', 'MSG#*', 'EDIT#*', 'PAIR#*', 'DEVICE#*']]);
  });

  it('allow deletions only of blocks, requests, devices and earlier versions', () => {
    expect(keysOf(statements, /DeleteItem|BatchWriteItem/)).toEqual([
      ['BLOCK#*', 'REQUEST#*', 'DEVICE#*', 'ENDPOINT#*'],
      ['EDIT#*'],
    ]);
  });

  it("exclude passwords of the database: only the migration reads the owner's", () => {
    const secretsOf = (idPrefix: string) =>
      JSON.stringify(statementsOf(deployment, 'api', idPrefix)).match(/Database(Owner|Server)Secret|CursorSecret/g);
    expect(new Set(secretsOf('TasksServerExecutionRole'))).toEqual(new Set(['CursorSecret']));
    expect(new Set(secretsOf('TasksMigrationExecutionRole'))).toContain('DatabaseOwnerSecret');
    expect(statementsOf(deployment, 'api', 'TasksMigrationTaskRole')).toEqual([]);
  });
});

describe('the permissions of the Lambda', () => {
  const deployment = synthesise();
  const statements = statementsOf(deployment, 'stream', 'Role');
  const ofItems = /^dynamodb:(?!(DescribeStream|GetRecords|GetShardIterator|ListStreams)$)/;

  it('are exactly the table actions of pattern E', async () => {
    const asked = await tableActionsOf('apps/stream-lambda/src/handler.ts');
    expect(asked).toContain('dynamodb:DeleteItem');
    expect(actionsOf(statements).filter((action) => ofItems.test(action))).toEqual(asked);
  });

  it('also include the stream, logs and the bucket of failed records', () => {
    expect(actionsOf(statements).filter((action) => !ofItems.test(action))).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:ListBucket',
      's3:PutObject',
      'sqs:SendMessage',
    ]);
    const { Properties } = deployment.only('stream', 'AWS::IAM::Role');
    expect(Properties.ManagedPolicyArns).toBeUndefined();
  });

  it('allow writes only to group rows, and deletions of earlier versions of messages', () => {
    expect(keysOf(statements, /PutItem|DeleteItem|UpdateItem/)).toEqual([['GRP#*']]);
    expect(keysOf(statements, /BatchWriteItem/)).toEqual([['EDIT#*']]);
  });
});

describe('the permissions of the Lambda that keeps the search index', () => {
  const deployment = synthesise();
  const statements = statementsOf(deployment, 'index', 'Role');
  const ofItems = /^dynamodb:(?!(DescribeStream|GetRecords|GetShardIterator|ListStreams)$)/;

  it('are exactly the table actions that its code uses, which only read', async () => {
    const asked = await tableActionsOf('apps/stream-lambda/src/index-handler.ts');
    expect(asked).toEqual(['dynamodb:BatchGetItem', 'dynamodb:Query']);
    expect(actionsOf(statements).filter((action) => ofItems.test(action))).toEqual(asked);
    expect(keysOf(statements, /BatchGetItem/)).toEqual([['GROUP#*']]);
    const ofMessages = statements.filter((statement) => JSON.stringify(statement).includes('MSG#*'));
    expect(actionsOf(ofMessages)).toEqual(['dynamodb:Query']);
  });

  it('also include the stream, logs, the bucket of failed records, the network and its role in PostgreSQL', () => {
    expect(actionsOf(statements).filter((action) => !ofItems.test(action))).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'rds-db:connect',
      's3:ListBucket',
      's3:PutObject',
    ]);
    expect(rolesOf(statements)).toEqual(['cruddur_index']);
    expect(deployment.only('index', 'AWS::IAM::Role').Properties.ManagedPolicyArns).toBeUndefined();
  });
});

describe('the permissions of the Lambda that sends pushes', () => {
  const deployment = synthesise();
  const statements = statementsOf(deployment, 'push', 'Role');

  it('are exactly the table actions that its code uses, on what a notification needs', async () => {
    const asked = await tableActionsOf('apps/stream-lambda/src/push-handler.ts');
    expect(asked).toContain('dynamodb:UpdateItem');
    expect(actionsOf(statements).filter((action) => action.startsWith('dynamodb:'))).toEqual(asked);
    expect(keysOf(statements, /UpdateItem/)).toEqual([['READ#*', 'DEVICE#*']]);
    expect(keysOf(statements, /DeleteItem/)).toEqual([['DEVICE#*', 'ENDPOINT#*']]);
    expect(keysOf(statements, /Query/)).toEqual([['DEVICE#*']]);
  });

  it('also include its queue, its keys and logs', () => {
    expect(actionsOf(statements).filter((action) => !action.startsWith('dynamodb:'))).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
    const ofSecrets = statements.filter((statement) => JSON.stringify(statement).includes('secretsmanager:'));
    expect(JSON.stringify(ofSecrets)).toContain('VapidKeys');
    expect(deployment.only('push', 'AWS::IAM::Role').Properties.ManagedPolicyArns).toBeUndefined();
  });
});

describe('the permissions of moderators', () => {
  const deployment = synthesise();
  const { Properties } = deployment.only('data', 'AWS::IAM::ManagedPolicy');
  const statements = (Properties.PolicyDocument as { Statement: ReturnType<typeof statementsOf> }).Statement;

  it('are exactly the table actions of the commands in bin/moderation', async () => {
    const commands = readdirSync(`${ROOT_DIR}bin/moderation`).map((name) => `bin/src/moderation/${name}.ts`);
    expect(actionsOf(statements)).toEqual(await tableActionsOf(...commands));
  });

  it('include no messages, no texts of group rows, and no change of the audit', () => {
    const reads = keysOf(statements, /Query|GetItem/).flat();
    expect(reads).not.toContain('MSG#*');
    const ofRows = statements.find((statement) => JSON.stringify(statement).includes('GRP#*'));
    expect(ofRows).toMatchObject({
      Action: 'dynamodb:Query',
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'user_uuid'] },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    });
    expect(keysOf(statements, /UpdateItem|DeleteItem/).flat()).not.toContain('MODERATION');
  });
});

describe('the permissions of the operator task', () => {
  const deployment = synthesise();
  const statements = statementsOf(deployment, 'api', 'TasksOperatorTaskRole');

  it('are exactly the table actions that its commands use, and the list of the pool', async () => {
    const asked = await tableActionsOf('bin/src/operator.ts');
    expect(asked).toContain('dynamodb:Scan');
    expect(actionsOf(statements)).toEqual(['cognito-idp:ListUsers', ...asked]);
  });

  it('are limited to tables with the name of ours, which a restored one has, and to the pool', () => {
    const resources = statements.map(({ Resource }) => JSON.stringify(Resource));
    expect(resources).toEqual([
      expect.stringMatching(/:table\/cruddur-messages\*"/),
      expect.stringMatching(/UserPool/),
    ]);
  });
});
