import { setTimeout as sleep } from 'node:timers/promises';
import { allItems, findReport, keys, type MessageItem, messageSchema, readGroupView, verifyTable } from '@cruddur/ddb';
import { verifyIndex } from '../../bin/src/search/verify-index.ts';
import type { BenchStack } from '../stack.ts';
import type { ChangingMessages } from './changing-messages.ts';
import type { Deliveries } from './deliveries.ts';
import type { Acknowledged } from './load.ts';
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
  requests: number;
  /** Requests that are not as they were answered. */
  answeredOtherwise: number;
  reports: number;
  /** Acknowledged reports that are not in the table. */
  reportsLost: number;
  breaches: string[];
  indexed: number;
  indexBreaches: string[];
  /** From the end of the load until all rows were right. */
  settledMs: number;
}

/** What the load has recorded. */
export interface SoakRecords {
  deliveries: Deliveries;
  messages: ChangingMessages;
  acknowledged: Acknowledged;
}

/** Waits until the rows are right, then checks every message. */
export async function settle(
  stack: BenchStack,
  people: Participant[],
  { deliveries, messages, acknowledged }: SoakRecords,
): Promise<Aftermath> {
  const { table, database } = stack;
  const start = performance.now();
  const isOver = () => performance.now() - start > SETTLE_MS;
  let { breaches } = await verifyTable(table);
  for (; breaches.length > 0 && !isOver(); { breaches } = await verifyTable(table)) await sleep(500);
  const settledMs = performance.now() - start;
  while (deliveries.missing().length > 0 && !isOver()) await sleep(100);
  const index = await verifyIndex({ table, db: database.db });
  const pairs = new Set(people.map(({ conversation }) => conversation.messageGroupUuid));
  const sent = deliveries.acknowledged;
  const written = new Map<string, MessageItem>();
  for (const group of new Set([...pairs, ...sent.values()])) {
    for (const item of await messagesOf(stack, group)) written.set(item.message_uuid, item);
  }
  const describe = ({ kind, detail }: { kind: string; detail: string }) => `${kind}: ${detail}`;
  return {
    acknowledged: sent.size,
    undelivered: deliveries.missing().length,
    lost: [...sent.keys()].filter((uuid) => !written.has(uuid)).length,
    // The first message of each pair is not part of the load.
    unanswered: written.size - pairs.size - [...sent.keys()].filter((uuid) => written.has(uuid)).length,
    changedOtherwise: messages.countWrong(written),
    requests: acknowledged.answers.size,
    answeredOtherwise: await countOtherwiseAnswered(stack, acknowledged),
    reports: acknowledged.reports.size,
    reportsLost: await countLostReports(stack, acknowledged),
    breaches: breaches.map(describe),
    indexed: index.rows,
    indexBreaches: index.breaches.map(describe),
    settledMs,
  };
}

async function countOtherwiseAnswered({ store }: BenchStack, { answers }: Acknowledged): Promise<number> {
  let wrong = 0;
  for (const [messageGroupUuid, { userUuid, isAccepted }] of answers) {
    const { state, hiddenThrough } = await readGroupView(store, { messageGroupUuid, userUuid });
    if (state.isRequest || (hiddenThrough === null) !== isAccepted) wrong++;
  }
  return wrong;
}

async function countLostReports({ table }: BenchStack, { reports }: Acknowledged): Promise<number> {
  let lost = 0;
  for (const id of reports) if (!(await findReport(table, id))) lost++;
  return lost;
}

function messagesOf({ table }: BenchStack, messageGroupUuid: string): Promise<MessageItem[]> {
  return allItems(table, messageSchema, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.messages(messageGroupUuid) },
  });
}
