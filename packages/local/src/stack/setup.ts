import { type CognitoUser, createCognitoClient, ensureCognitoAccount, listCognitoUsers } from '@cruddur/cognito';
import type { StackEnv } from '@cruddur/config/env';
import { SEEDED_PASSWORD, SEEDED_PEOPLE } from '@cruddur/config/seed';
import {
  createDatabase,
  ensureDatabase,
  listUsersByHandle,
  migrateDatabase,
  seedPeople,
  type User,
  updateCognitoUserIds,
} from '@cruddur/db';
import { createDynamoDb, ensureTable } from '@cruddur/ddb';
import { seedConversation } from '@cruddur/ddb/seed';

type Log = (line: string) => void;

// On a busy machine the engine needs seconds to create a table. A retry would find it and report that it existed.
const requestTimeoutMs = 30_000;
// After a kill, PostgreSQL recovers while the other engines start, so connecting may take as long.
const CONNECT = { connectionTimeoutMillis: 30_000 };
const PATIENT = { ...CONNECT, statementTimeoutMillis: 30_000, queryTimeoutMillis: 30_000 };

/**
 * Creates table, schema, people, their accounts and a conversation in the embedded services, if missing. It changes
 * nothing that exists, so it runs at every start.
 */
export async function setUpStack(stack: StackEnv, { log }: { log: Log }): Promise<void> {
  await Promise.all([setUpTable(stack, log), setUpPeople(stack, log)]);
  if (stack.dynamodb.embedded && stack.postgres.embedded) await setUpConversation(stack, log);
}

async function setUpTable({ dynamodb, region, tableName }: StackEnv, log: Log): Promise<void> {
  if (!dynamodb.embedded) return;
  const client = createDynamoDb({ region, ...dynamodb, requestTimeoutMs });
  try {
    if (await ensureTable(client, tableName)) log(`Created the table ${tableName}`);
  } finally {
    client.destroy();
  }
}

async function setUpPeople(stack: StackEnv, log: Log): Promise<void> {
  const [people, accounts] = await Promise.all([setUpDatabase(stack, log), setUpAccounts(stack)]);
  if (!stack.postgres.embedded || !stack.cognito.embedded) return;
  const subs = new Set(accounts.map(({ sub }) => sub));
  if (people.every((person) => subs.has(person.cognitoUserId))) return;
  const database = createDatabase(stack.postgres.url, PATIENT);
  try {
    await updateCognitoUserIds(database.db, accounts);
  } finally {
    await database.close();
  }
}

async function setUpDatabase({ postgres }: StackEnv, log: Log): Promise<User[]> {
  if (!postgres.embedded) return [];
  await ensureDatabase(postgres.url, CONNECT);
  await migrateDatabase(postgres.url, CONNECT);
  const database = createDatabase(postgres.url, PATIENT);
  try {
    const handles = SEEDED_PEOPLE.map((person) => person.handle);
    const before = await listUsersByHandle(database.db, handles);
    if (before.length === handles.length) return before;
    log(`Created the people ${handles.join(', ')}`);
    return await seedPeople(database.db);
  } finally {
    await database.close();
  }
}

/** @returns every account of the pool */
async function setUpAccounts({ cognito, region }: StackEnv): Promise<CognitoUser[]> {
  const accounts: CognitoUser[] = [];
  if (!cognito.embedded) return accounts;
  const client = createCognitoClient({ region, ...cognito });
  try {
    for (const person of SEEDED_PEOPLE) {
      await ensureCognitoAccount(client, cognito.userPoolId, { ...person, password: SEEDED_PASSWORD });
    }
    for await (const account of listCognitoUsers(client, cognito.userPoolId)) accounts.push(account);
    return accounts;
  } finally {
    client.destroy();
  }
}

async function setUpConversation(stack: StackEnv, log: Log): Promise<void> {
  const client = createDynamoDb({ region: stack.region, ...stack.dynamodb, requestTimeoutMs });
  const database = createDatabase(stack.postgres.url, PATIENT);
  try {
    const [andrewbrown, bayko] = await listUsersByHandle(database.db, ['andrewbrown', 'bayko']);
    if (andrewbrown === undefined || bayko === undefined) return;
    const outcome = await seedConversation({ client, tableName: stack.tableName }, { andrewbrown, bayko });
    if (outcome.kind === 'written') log(`Wrote a conversation of ${outcome.messages} messages`);
  } finally {
    client.destroy();
    await database.close();
  }
}
