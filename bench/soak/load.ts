import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import { TYPICAL_USAGE } from '../../tools/capacity/assumptions.ts';
import { callProcedure } from '../calls.ts';
import type { Deliveries } from './deliveries.ts';
import type { Participant } from './people.ts';

const TEXT = 'x'.repeat(400);
const TICK_MS = 10;
/** More concurrent calls mean that the server is overloaded. */
const CONCURRENT_MAX = 500;

export interface Stretch {
  calls: number;
  seconds: number;
  /** Milliseconds of each call. */
  times: number[];
  errors: string[];
}

interface Call {
  /** Calls per person and day. */
  weight: number;
  request: (by: Participant) => Promise<unknown>;
}

/** Returns a function that makes one random call of a random person, in the proportions of typical usage. */
export function createLoad(url: string, people: Participant[], deliveries: Deliveries): () => Promise<unknown> {
  const { messages, readMarks, listPages, threadPages, otherCalls, typingSignals } = TYPICAL_USAGE;
  const query = ({ token }: Participant, procedure: string, input: object) =>
    callProcedure({ url, token }, procedure, input);
  const mutate = ({ token }: Participant, procedure: string, input: object) =>
    callProcedure({ url, token }, procedure, input, 'mutation');
  const group = ({ conversation: { messageGroupUuid } }: Participant) => ({ messageGroupUuid });
  const calls: Call[] = [
    { weight: messages, request: (by) => sendMessage(url, by, deliveries) },
    {
      weight: readMarks,
      request: (by) => mutate(by, 'messageGroups.markRead', { ...group(by), createdAt: by.conversation.newestAt }),
    },
    { weight: listPages, request: (by) => query(by, 'messageGroups.list', {}) },
    { weight: threadPages, request: (by) => query(by, 'messages.list', group(by)) },
    { weight: otherCalls, request: (by) => query(by, 'users.search', { query: 'other1' }) },
    { weight: messages * typingSignals, request: (by) => mutate(by, 'messageGroups.signalTyping', group(by)) },
  ];
  return async () => {
    const by = people[Math.floor(Math.random() * people.length)];
    return by && pick(calls).request(by);
  };
}

async function sendMessage(url: string, by: Participant, deliveries: Deliveries): Promise<void> {
  const { messageGroupUuid, people } = by.conversation;
  const clientMessageUuid = v7();
  const recipient = people.find(({ uuid }) => uuid !== by.person.uuid);
  deliveries.start(clientMessageUuid, recipient?.uuid ?? '');
  const input = { message: TEXT, clientMessageUuid, messageGroupUuid };
  const server = { url, token: by.token };
  const { createdAt } = await callProcedure<{ createdAt: string }>(server, 'messages.create', input, 'mutation');
  deliveries.acknowledge(clientMessageUuid);
  if (createdAt > by.conversation.newestAt) by.conversation.newestAt = createdAt;
}

function pick(calls: readonly Call[]): Call {
  let rest = Math.random() * calls.reduce((sum, { weight }) => sum + weight, 0);
  const found = calls.find(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
  if (!found) throw new Error('there are no calls');
  return found;
}

/** Calls as fast as possible with this concurrency. */
export async function callFlatOut(next: () => Promise<unknown>, atOnce: number, ms: number): Promise<Stretch> {
  const stretch = begin();
  const end = performance.now() + ms;
  const loop = async () => {
    while (performance.now() < end) await timeCall(next, stretch);
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return finish(stretch);
}

/** Calls at a fixed rate, without waiting for earlier calls. */
export async function callAtRate(next: () => Promise<unknown>, rate: number, ms: number): Promise<Stretch> {
  const stretch = begin();
  const running = new Set<Promise<void>>();
  const start = performance.now();
  for (let begun = 0; performance.now() - start < ms; await sleep(TICK_MS)) {
    const due = ((performance.now() - start) / 1000) * rate;
    for (; begun < due; begun++) {
      if (running.size >= CONCURRENT_MAX) stretch.errors.push(`${CONCURRENT_MAX} concurrent calls`);
      else {
        const one: Promise<void> = timeCall(next, stretch).finally(() => running.delete(one));
        running.add(one);
      }
    }
  }
  await Promise.all(running);
  return finish(stretch);
}

const begin = () => ({ startedAt: performance.now(), times: [] as number[], errors: [] as string[] });

function finish({ startedAt, times, errors }: ReturnType<typeof begin>): Stretch {
  return { calls: times.length, seconds: (performance.now() - startedAt) / 1000, times, errors };
}

async function timeCall(next: () => Promise<unknown>, stretch: { times: number[]; errors: string[] }): Promise<void> {
  const before = performance.now();
  await next().catch((error: unknown) => stretch.errors.push(String(error)));
  stretch.times.push(performance.now() - before);
}
