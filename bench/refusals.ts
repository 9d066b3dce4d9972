import { updateUserSettings } from '@cruddur/db';
import { blockPerson, createMessageToPerson } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { log, type Table } from './report.ts';
import { type BenchStack, withBenchStack } from './stack.ts';
import { median, quantile, spreadOf } from './statistics.ts';

const ROUNDS = 5;
const CALLS = 150;
const WARM_UP_CALLS = 250;
const HEAD = ['refused message', 'why', 'p50 ms', 'p95 ms', 'p50 ÷ the first’s'];

/** A message that is always refused. */
interface Refused {
  to: string;
  why: string;
  place: { handle: string } | { messageGroupUuid: string };
}

/**
 * Times the same refusal for each of its reasons, which its answer must not show. The reasons alternate call by call, so that
 * all meet the same machine.
 */
export function benchRefusals(): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const tables: string[][] = [];
    for (const kinds of [await oldConversations(stack), await newConversations(stack)]) {
      await time(stack, kinds, WARM_UP_CALLS);
      const rounds: number[][][] = [];
      for (let round = 0; round < ROUNDS; round++) {
        log(`${kinds[0]?.to}, round ${round + 1}`);
        rounds.push(await time(stack, kinds, CALLS));
      }
      tables.push(...kinds.map((kind, i) => rowOf(kind, rounds, i)));
    }
    return [{ head: HEAD, rows: tables }];
  });
}

/** The milliseconds of each call, by kind. */
async function time(stack: BenchStack, kinds: readonly Refused[], calls: number): Promise<number[][]> {
  const times: number[][] = kinds.map(() => []);
  for (let n = 0; n < calls; n++) {
    for (let k = 0; k < kinds.length; k++) {
      // Another kind is first each time.
      const i = (k + n) % kinds.length;
      const kind = kinds[i];
      if (kind) times[i]?.push(await refuse(stack, kind));
    }
  }
  return times;
}

async function refuse({ apiUrl, accessToken }: BenchStack, { place }: Refused): Promise<number> {
  const body = JSON.stringify({ message: 'Bring a lantern', clientMessageUuid: v7(), ...place });
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  const start = performance.now();
  const response = await fetch(`${apiUrl}/trpc/messages.create`, { method: 'POST', headers, body });
  const text = await response.text();
  const took = performance.now() - start;
  if (!text.includes('recipient_unavailable')) throw new Error(`not refused: ${text}`);
  return took;
}

function rowOf({ to, why }: Refused, rounds: readonly number[][][], i: number): string[] {
  const at = (share: number) => median(rounds.map((round) => quantile(sorted(round[i]), share))).toFixed(2);
  const ratio = spreadOf(rounds, (round) => median(round[i] ?? []) / median(round[0] ?? []));
  return [to, why, at(0.5), at(0.95), ratio];
}

const sorted = (times: readonly number[] = []) => times.toSorted((a, b) => a - b);

async function oldConversations(stack: BenchStack): Promise<Refused[]> {
  const { ana, store } = stack;
  const make = async (why: string, mine: boolean, theirs: boolean): Promise<Refused> => {
    const { person } = await stack.makePerson(`old${v7().slice(-8)}`);
    const { messageGroupUuid } = await createMessageToPerson(store, person, { uuid: v7(), sender: ana, text: 'Hello' });
    if (mine) await blockPerson(store, { userUuid: ana.uuid, other: person });
    if (theirs) await blockPerson(store, { userUuid: person.uuid, other: ana });
    return { to: 'in a conversation', why, place: { messageGroupUuid } };
  };
  return [await make('blocked by me', true, false), await make('blocked by them', false, true)];
}

async function newConversations(stack: BenchStack): Promise<Refused[]> {
  const { ana, store, database } = stack;
  const make = async (why: string, close: (person: typeof ana) => Promise<unknown>): Promise<Refused> => {
    const { person } = await stack.makePerson(`new${v7().slice(-8)}`);
    await close(person);
    return { to: 'to a new person', why, place: { handle: person.handle } };
  };
  return [
    await make('blocked by me', (other) => blockPerson(store, { userUuid: ana.uuid, other })),
    await make('blocked by them', ({ uuid }) => blockPerson(store, { userUuid: uuid, other: ana })),
    await make('nobody may write', ({ uuid }) => updateUserSettings(database.db, uuid, { whoMayMessage: 'nobody' })),
  ];
}
