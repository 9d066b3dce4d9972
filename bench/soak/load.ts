import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import { TYPICAL_USAGE } from '../../tools/capacity/assumptions.ts';
import type { Deliveries } from './deliveries.ts';
import type { Participant } from './people.ts';

const TEXT = 'x'.repeat(400);
const TICK_MS = 10;
/** Calls under way at once beyond which the server is taken to be overrun. */
const UNDER_WAY_MAX = 500;

/** What a stretch of calls came to. */
export interface Stretch {
  calls: number;
  seconds: number;
  /** Milliseconds of each call. */
  times: number[];
  /** What went wrong, in words. */
  errors: string[];
}

interface Call {
  /** How often people do it, a day. */
  weight: number;
  request: (by: Participant) => Promise<unknown>;
}

/** Gives one call after the other as people make them, mixed by their habits. */
export function createLoad(url: string, people: Participant[], deliveries: Deliveries): () => Promise<unknown> {
  const send = (by: Participant, path: string, input: object, isMutation = false) =>
    call(`${url}/trpc/${path}`, by.token, input, isMutation);
  const { messages, readMarks, listPages, threadPages, otherCalls, typingSignals } = TYPICAL_USAGE;
  const calls: Call[] = [
    { weight: messages, request: (by) => sendMessage(send, by, deliveries) },
    {
      weight: readMarks,
      request: (by) => {
        const { messageGroupUuid, newestAt } = by.conversation;
        return send(by, 'messageGroups.markRead', { messageGroupUuid, createdAt: newestAt }, true);
      },
    },
    { weight: listPages, request: (by) => send(by, 'messageGroups.list', {}) },
    {
      weight: threadPages,
      request: (by) => send(by, 'messages.list', { messageGroupUuid: by.conversation.messageGroupUuid }),
    },
    { weight: otherCalls, request: (by) => send(by, 'users.search', { query: 'other1' }) },
    {
      weight: messages * typingSignals,
      request: (by) => {
        const { messageGroupUuid } = by.conversation;
        return send(by, 'messageGroups.signalTyping', { messageGroupUuid }, true);
      },
    },
  ];
  return async () => {
    const by = people[Math.floor(Math.random() * people.length)];
    return by && pick(calls).request(by);
  };
}

async function sendMessage(
  send: (by: Participant, path: string, input: object, isMutation: boolean) => Promise<unknown>,
  by: Participant,
  deliveries: Deliveries,
): Promise<void> {
  const { messageGroupUuid, people } = by.conversation;
  const clientMessageUuid = v7();
  const recipient = people.find(({ uuid }) => uuid !== by.person.uuid);
  deliveries.start(clientMessageUuid, recipient?.uuid ?? '');
  const input = { message: TEXT, clientMessageUuid, messageGroupUuid };
  const { createdAt } = (await send(by, 'messages.create', input, true)) as { createdAt: string };
  deliveries.acknowledge(clientMessageUuid);
  if (createdAt > by.conversation.newestAt) by.conversation.newestAt = createdAt;
}

async function call(url: string, token: string, input: object, isMutation: boolean): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const text = JSON.stringify(input);
  const response = isMutation
    ? await fetch(url, { method: 'POST', headers, body: text })
    : await fetch(`${url}?input=${encodeURIComponent(text)}`, { headers });
  const body = (await response.json()) as { result?: { data: unknown } };
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${JSON.stringify(body)}`);
  return body.result?.data;
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

/** As fast as so many at once can: each makes its next call when the last one was answered. */
export async function callFlatOut(next: () => Promise<unknown>, atOnce: number, ms: number): Promise<Stretch> {
  const stretch = begin();
  const end = performance.now() + ms;
  const loop = async () => {
    while (performance.now() < end) await timeCall(next, stretch);
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return finish(stretch);
}

/** So many calls a second, whether earlier ones were answered or not. */
export async function callAtRate(next: () => Promise<unknown>, rate: number, ms: number): Promise<Stretch> {
  const stretch = begin();
  const underWay = new Set<Promise<void>>();
  const start = performance.now();
  for (let begun = 0; performance.now() - start < ms; await sleep(TICK_MS)) {
    const due = ((performance.now() - start) / 1000) * rate;
    for (; begun < due; begun++) {
      if (underWay.size >= UNDER_WAY_MAX) stretch.errors.push(`${UNDER_WAY_MAX} calls are under way`);
      else {
        const one: Promise<void> = timeCall(next, stretch).finally(() => underWay.delete(one));
        underWay.add(one);
      }
    }
  }
  await Promise.all(underWay);
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
