import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  createMessage,
  createMessageToPerson,
  EPOCH,
  type Message,
  type MessageStore,
  markRead,
  messageItem,
  type Person,
  parseTime,
} from '@cruddur/ddb';
import pMap from 'p-map';
import { v7 } from 'uuid';
import { createHandler } from '../apps/stream-lambda/src/create-handler.ts';
import { eventOf, lambdaContext, recordOf } from '../tests/support/stream.ts';

export const TEXT = 'x'.repeat(400);
const MESSAGES_IN_GROUP = 3;

/**
 * Starts groups in which others have written to a person, and moves their rows by the Lambda's handler.
 *
 * @returns the newest message of each group
 */
export async function seedGroups(store: MessageStore, person: Person, count: number): Promise<Message[]> {
  const groups = await pMap(
    Array.from({ length: count }, (_, i) => i),
    async (i) => {
      const sender = { uuid: randomUUID(), handle: `friend${i}`, displayName: `Friend ${i}` };
      const draft = () => ({ uuid: v7(), sender, text: TEXT });
      const messages = [await createMessageToPerson(store, person, draft())];
      const { messageGroupUuid } = messages[0] as Message;
      while (messages.length < MESSAGES_IN_GROUP) messages.push(await createMessage(store, messageGroupUuid, draft()));
      return messages;
    },
    { concurrency: 4 },
  );
  await moveRows(store, groups.flat());
  return groups.flatMap((messages) => messages.at(-1) ?? []);
}

/** Marks groups as read up to their newest messages. */
export async function readAll(store: MessageStore, { uuid: userUuid }: Person, newest: Message[]): Promise<void> {
  for (const { messageGroupUuid, createdAt } of newest) {
    await markRead(store, { messageGroupUuid, userUuid, at: parseTime(createdAt) ?? EPOCH });
  }
}

/** Does what the stream's Lambda does after these messages. */
async function moveRows(store: MessageStore, messages: Message[]): Promise<void> {
  const handler = createHandler({ table: store, logger: new Logger({ logLevel: 'SILENT' }) });
  const { batchItemFailures } = await handler(eventOf(messages.map((each) => recordOf(itemOf(each)))), lambdaContext);
  if (batchItemFailures.length > 0) throw new Error('a record failed');
}

function itemOf({ messageGroupUuid, createdAt, userUuid, handle, displayName, uuid, message: text }: Message) {
  const sender = { uuid: userUuid, handle, displayName };
  return messageItem(messageGroupUuid, parseTime(createdAt) ?? EPOCH, sender, { uuid, text });
}
