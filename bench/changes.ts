import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createMessage, createMessageToPerson, keys, type Message, type Micros, parseTime } from '@cruddur/ddb';
import { v7 } from 'uuid';
import type { BenchStack } from './stack.ts';

/** A message can be edited ten times, so there must be a tenth of the edits of all rounds. */
const MESSAGES = 800;
const TEXT = 'x'.repeat(400);

/** Bodies of calls that change one message after the other, and the floors of these calls: the store calls that they need at least. */
export async function createChanges(
  { store, sdkTable: { client, tableName }, ana }: BenchStack,
  notify: (payload: string) => Promise<void>,
) {
  const other = { uuid: v7(), handle: 'changes', displayName: 'Changes' };
  const first = await createMessageToPerson(store, other, { uuid: v7(), sender: ana, text: TEXT });
  const messages = [first];
  while (messages.length < MESSAGES) {
    messages.push(await createMessage(store, first.messageGroupUuid, { uuid: v7(), sender: ana, text: TEXT }));
  }
  const inTurn = () => {
    let calls = 0;
    return () => {
      const message = messages[calls % MESSAGES] ?? first;
      return { message, turn: Math.floor(calls++ / MESSAGES) };
    };
  };
  const [reacted, edited, updated, replaced] = [inTurn(), inTurn(), inTurn(), inTurn()];
  const keyOf = ({ messageGroupUuid, createdAt }: Message) =>
    keys.message(messageGroupUuid, parseTime(createdAt) as Micros);
  const addressOf = ({ messageGroupUuid, uuid: messageUuid, createdAt }: Message) => ({
    messageGroupUuid,
    messageUuid,
    createdAt,
  });
  const update = (message: Message, name: string) => ({
    TableName: tableName,
    Key: keyOf(message),
    UpdateExpression: 'SET #name = :text',
    ConditionExpression: 'message_uuid = :uuid',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':text': TEXT, ':uuid': message.uuid },
  });
  return {
    react: () => {
      const { message, turn } = reacted();
      return JSON.stringify({ ...addressOf(message), emoji: '👍', isOn: turn % 2 === 0 });
    },
    edit: () => {
      const { message, turn: revision } = edited();
      return JSON.stringify({ ...addressOf(message), message: `${TEXT}${revision}`, revision });
    },
    /** Updates a message. */
    update: async () => {
      const { message } = updated();
      const { Attributes } = await client.send(
        new UpdateCommand({ ...update(message, 'floor'), ReturnValues: 'ALL_NEW' }),
      );
      await notify(JSON.stringify(Attributes));
    },
    /** Reads a message, and replaces it by another text while the former one is kept. */
    replace: async () => {
      const { message, turn } = replaced();
      const Key = keyOf(message);
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      const version = { ...Item, pk: `FLOOR#${message.uuid}`, sk: String(turn) };
      const TransactItems = [{ Update: update(message, 'floor') }, { Put: { TableName: tableName, Item: version } }];
      await client.send(new TransactWriteCommand({ TransactItems }));
      await notify(JSON.stringify(Item));
    },
  };
}
