import { setTimeout as sleep } from 'node:timers/promises';
import { allItems, keys, type MessageItem, messageSchema, verifyTable } from '@cruddur/ddb';
import { verifyIndex } from '../../bin/src/search/verify-index.ts';
import type { BenchStack } from '../stack.ts';
import type { ChangingMessages } from './changing-messages.ts';
import type { Deliveries } from './deliveries.ts';
import type { Participant } from './people.ts';

/** Maximum time after the load for messages to arrive and rows to be moved. */
const SETTLE_MS = 60_000;

/** What was found after the load. */
export interface Aftermath {
  acknowledged: number;
  undelivered: number;
  /** Acknowledged messages that are not in the table. */
  lost: number;
  /** Messages in the table that were not acknowledged. */
  unanswered: number;
  /** Messages that are not as their acknowledged changes left them. */
  changedOtherwise: number;
  breaches: string[];
  indexed: number;
  indexBreaches: string[];
  /** From the end of the load until all rows were right. */
  settledMs: number;
}

/** Waits until the rows are right, then checks every message. */
export async function settle(
  stack: BenchStack,
  people: Participant[],
  { deliveries, messages }: { deliveries: Deliveries; messages: ChangingMessages },
): Promise<Aftermath> {
  const { table, database } = stack;
  const start = performance.now();
  const isOver = () => performance.now() - start > SETTLE_MS;
  let { breaches } = await verifyTable(table);
  for (; breaches.length > 0 && !isOver(); { breaches } = await verifyTable(table)) await sleep(500);
  const settledMs = performance.now() - start;
  while (deliveries.missing().length > 0 && !isOver()) await sleep(100);
  const index = await verifyIndex({ table, db: database.db });
  const groups = new Set(people.map(({ conversation }) => conversation.messageGroupUuid));
  const written = new Map<string, MessageItem>();
  for (const group of groups) {
    for (const item of await messagesOf(stack, group)) written.set(item.message_uuid, item);
  }
  const { acknowledged } = deliveries;
  const describe = ({ kind, detail }: { kind: string; detail: string }) => `${kind}: ${detail}`;
  return {
    acknowledged: acknowledged.size,
    undelivered: deliveries.missing().length,
    lost: [...acknowledged].filter((uuid) => !written.has(uuid)).length,
    // The first message of each group is not part of the load.
    unanswered: written.size - groups.size - [...acknowledged].filter((uuid) => written.has(uuid)).length,
    changedOtherwise: messages.countWrong(written),
    breaches: breaches.map(describe),
    indexed: index.rows,
    indexBreaches: index.breaches.map(describe),
    settledMs,
  };
}

function messagesOf({ table }: BenchStack, messageGroupUuid: string): Promise<MessageItem[]> {
  return allItems(table, messageSchema, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.messages(messageGroupUuid) },
  });
}
