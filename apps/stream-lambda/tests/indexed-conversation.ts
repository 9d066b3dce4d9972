import { Logger } from '@aws-lambda-powertools/logger';
import { parseSearchQuery } from '@cruddur/config';
import { createDatabase, type DatabaseHandle, listIndexedMessages, migrateDatabase, searchMessages } from '@cruddur/db';
import {
  createMessage,
  createMessageToPerson,
  deleteMessage,
  editMessage,
  type Message,
  micros,
  type Person,
} from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import { expect, inject } from 'vitest';
import '../../../tests/support/provided-context.ts';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { createTestStore, draft, person } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext } from '../../../tests/support/stream.ts';
import { openTableStream } from '../../../tests/support/table-stream.ts';
import type { StreamHandler } from '../src/create-handler.ts';
import { createIndexHandler } from '../src/create-index-handler.ts';

export const silent = new Logger({ logLevel: 'SILENT' });

/** A migrated database. */
export async function openIndexDatabase(): Promise<DatabaseHandle & { url: string; drop: () => Promise<void> }> {
  const { url, drop } = await createTestDatabase();
  await migrateDatabase(url);
  const database = createDatabase(url, { max: 1 });
  return { ...database, url, drop: () => database.close().then(drop) };
}

/** Finds the sort keys of messages, the newest first. */
export async function find({ db }: DatabaseHandle, { uuid: callerUuid }: Person, query: string): Promise<string[]> {
  const found = await searchMessages(db, { callerUuid, terms: parseSearchQuery(query), limit: 50 });
  return found.map(({ sortKey }) => sortKey);
}

/** What the index has of a group, as `version text`, in the order of the messages' uuids. */
export async function indexed({ db }: DatabaseHandle, messageGroupUuid: string): Promise<string[]> {
  const rows = await listIndexedMessages(db, { messageGroupUuid, limit: 100 });
  return rows.map(({ version, folded }) => `${version} ${folded}`);
}

/** A conversation of two people on a new table, whose stream is indexed. */
export async function startConversation(database: DatabaseHandle) {
  const store = await createTestStore();
  const readStream = await openTableStream(store, inject('dynamodbEndpoint'));
  const [ana, ben] = [person(), person()];
  const handler = createIndexHandler({ table: store, db: database.db, logger: silent });
  const first = await createMessageToPerson(store, ben, draft({ sender: ana, text: 'Hello Ben' }));
  const { messageGroupUuid } = first;
  const addressOf = ({ uuid, createdAt }: Message) => ({
    messageGroupUuid,
    messageUuid: uuid,
    at: micros(Date.parse(`${createdAt.slice(0, 19)}Z`) * 1000 + Number(createdAt.slice(20, 26))),
    userUuid: ana.uuid,
  });
  return {
    store,
    ana,
    ben,
    messageGroupUuid,
    first,
    readStream,
    handler,
    addressOf,
    send: (text: string, sender: Person = ana) => createMessage(store, messageGroupUuid, draft({ sender, text })),
    edit: (message: Message, text: string, revision = 0) =>
      editMessage(store, { ...addressOf(message), text, revision }),
    delete: (message: Message) => deleteMessage(store, { ...addressOf(message), memberUuids: [ana.uuid, ben.uuid] }),
    /** Indexes all that was written since the last call. */
    async catchUp(): Promise<void> {
      await expectIndexed(handler, await readStream());
    },
  };
}

export async function expectIndexed(handler: StreamHandler, records: DynamoDBRecord[]): Promise<void> {
  expect(await handler(eventOf(records), lambdaContext)).toEqual({ batchItemFailures: [] });
}
