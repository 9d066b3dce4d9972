import { setTimeout as sleep } from 'node:timers/promises';
import { foldText } from '@cruddur/config';
import { createDatabase, findIndexedMessages } from '@cruddur/db';
import { keys, type Message, type TableRef } from '@cruddur/ddb';
import { TRPCClientError } from '@trpc/client';
import { expect, vi } from 'vitest';
import { itemsOf } from './messages.ts';

/** A message that the API has acknowledged, with the id and text of the request. */
export interface Acknowledged {
  uuid: string;
  text: string;
  message: Message;
}

/** Retries a call until it is answered, as a client does. Throws permanent refusals. */
export async function retryUntilAnswered<T>(call: () => Promise<T> | undefined): Promise<T> {
  for (;;) {
    try {
      const answer = await call();
      if (answer !== undefined) return answer;
    } catch (error) {
      const status = error instanceof TRPCClientError ? error.data?.httpStatus : undefined;
      if (status !== undefined && status < 500) throw error;
    }
    await sleep(100 + Math.random() * 400);
  }
}

/** Expects the threads to contain exactly the acknowledged messages, each once. */
export async function expectOnce(table: TableRef, acknowledged: readonly Acknowledged[]): Promise<void> {
  const groups = new Set(acknowledged.map(({ message }) => message.messageGroupUuid));
  const written = new Map<string, string[]>();
  for (const group of groups) {
    for (const item of await itemsOf(table, keys.messages(group))) {
      written.set(item.message_uuid, [
        ...(written.get(item.message_uuid) ?? []),
        `${group} ${item.sk} ${item.message}`,
      ]);
    }
  }
  const expected = acknowledged.map(({ uuid, text, message }) => {
    const sk = message.createdAt.replace('Z', '+00:00');
    return [uuid, [`${message.messageGroupUuid} ${sk} ${text}`]] as const;
  });
  expect(written).toEqual(new Map(expected));
}

/** Waits until the search index of a database has all acknowledged messages. */
export async function expectIndexed(databaseUrl: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  const { db, close } = createDatabase(databaseUrl, { max: 1 });
  const ids = acknowledged.map(({ uuid, message }) => ({
    messageUuid: uuid,
    messageGroupUuid: message.messageGroupUuid,
  }));
  const findMissing = async () => {
    const indexed = await findIndexedMessages(db, ids);
    const texts = new Map(indexed.map(({ messageUuid, folded }) => [messageUuid, folded]));
    return acknowledged.filter(({ uuid, text }) => texts.get(uuid) !== foldText(text));
  };
  try {
    // Not `expect.poll`, which concurrent tests cannot call.
    await vi.waitFor(async () => expect(await findMissing()).toEqual([]), { timeout: 60_000, interval: 500 });
  } finally {
    await close();
  }
}
