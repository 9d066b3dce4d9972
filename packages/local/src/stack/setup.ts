import { type CognitoUser, createCognitoClient, ensureCognitoAccount, listCognitoUsers } from '@cruddur/cognito';
import type { StackEnv } from '@cruddur/config/env';
import { SEEDED_PASSWORD, SEEDED_PEOPLE } from '@cruddur/config/seed';
import { createVapidKeys, readLocalVapidKeys } from '@cruddur/config/vapid-keys';
import {
  createDatabase,
  type Database,
  ensureDatabase,
  listUsersByHandle,
  migrateDatabase,
  seedPeople,
  type User,
  updateCognitoUserIds,
} from '@cruddur/db';
import { createDynamoDb, ensureTable } from '@cruddur/ddb';
import { seedConversation } from '@cruddur/ddb/seed';
import { writeFileAtomic } from '../write-file-atomic.ts';
import { localFiles } from './local-files.ts';

type Log = (line: string) => void;

// After a kill, PostgreSQL recovers while the other engines start, so connecting may take as long.
const CONNECT = { connectionTimeoutMillis: 30_000 };
const PATIENT = { ...CONNECT, statementTimeoutMillis: 30_000, queryTimeoutMillis: 30_000 };

/**
 * Creates table, schema, people, their accounts and a conversation in the embedded services, if missing. It changes
 * nothing that exists, so it runs at every start.
 */
export async function setUpStack(stack: StackEnv, log: Log): Promise<void> {
  const { region, dynamodb, postgres, tableName } = stack;
  // On a busy machine the engine needs seconds to create a table. A retry would find it and report that it existed.
  const client = createDynamoDb({ region, ...dynamodb, requestTimeoutMs: 30_000 });
  const { db, close } = createDatabase(postgres.url, PATIENT);
  const setUpTable = async () => {
    if (dynamodb.embedded && (await ensureTable(client, tableName))) log(`Created the table ${tableName}`);
  };
  try {
    if (dynamodb.embedded) await ensureVapidKeys(stack);
    await Promise.all([setUpTable(), setUpPeople(stack, db, log)]);
    if (!dynamodb.embedded || !postgres.embedded) return;
    const [andrewbrown, bayko] = await listUsersByHandle(db, ['andrewbrown', 'bayko']);
    if (andrewbrown === undefined || bayko === undefined) return;
    const outcome = await seedConversation({ client, tableName }, { andrewbrown, bayko });
    if (outcome.kind === 'written') log(`Wrote a conversation of ${outcome.messages} messages`);
  } finally {
    client.destroy();
    await close();
  }
}

/** Devices are registered for these keys, so they stay as long as the table's data. */
async function ensureVapidKeys({ localDataDir }: StackEnv): Promise<void> {
  if (readLocalVapidKeys(localDataDir)) return;
  await writeFileAtomic(localFiles(localDataDir).vapidKeys, JSON.stringify(createVapidKeys()));
}

async function setUpPeople(stack: StackEnv, db: Database, log: Log): Promise<void> {
  const [people, accounts] = await Promise.all([setUpDatabase(stack, db, log), setUpAccounts(stack)]);
  if (!stack.postgres.embedded || !stack.cognito.embedded) return;
  const subs = new Set(accounts.map(({ sub }) => sub));
  if (!people.every((person) => subs.has(person.cognitoUserId))) await updateCognitoUserIds(db, accounts);
}

async function setUpDatabase({ postgres }: StackEnv, db: Database, log: Log): Promise<User[]> {
  if (!postgres.embedded) return [];
  await ensureDatabase(postgres.url, CONNECT);
  await migrateDatabase(postgres.url, CONNECT);
  const handles = SEEDED_PEOPLE.map((person) => person.handle);
  const before = await listUsersByHandle(db, handles);
  if (before.length === handles.length) return before;
  log(`Created the people ${handles.join(', ')}`);
  return seedPeople(db);
}

/** @returns every account of the pool */
async function setUpAccounts({ cognito, region }: StackEnv): Promise<CognitoUser[]> {
  if (!cognito.embedded) return [];
  const client = createCognitoClient({ region, ...cognito });
  const accounts: CognitoUser[] = [];
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
