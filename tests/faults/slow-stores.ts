import { verifyTable } from '@cruddur/ddb';
import { expect } from 'vitest';
import { type Acknowledged, expectOnce } from '../support/acknowledged.ts';
import { acknowledge, draftTo, eventually, outcomeOf, sendTo } from './support/calls.ts';
import type { Caller, System } from './support/system.ts';

/** In each direction, so an answer is two seconds late. */
const SLOW_MS = 1000;
const SENDERS = 6;
/** More concurrent calls than a pool has connections, for longer than a request's deadline. */
const ROUNDS = 2;
/** Two servers with a pool of ten and a listener each. */
const MAX_POSTGRES_CONNECTIONS = 2 * (10 + 1);

/** Calls succeed or are refused while both stores are slow. Afterwards there is no backlog. */
export async function slowStores(system: System): Promise<void> {
  const [fay, gus] = (await system.signInKnown('fay', 'gus')) as [Caller, Caller];
  const ida = await system.signIn('ida');
  const first = await sendTo(fay.apis, { handle: 'gus' }, 'Hello');
  const { messageGroupUuid } = first.message;
  const written: Acknowledged[] = [first];
  const refused: { draft: ReturnType<typeof draftTo>; caller: Caller }[] = [];
  const reasons = new Set<string>();

  const send = async (name: string, caller: Caller) => {
    for (let count = 0; count < ROUNDS; count++) {
      const draft = draftTo({ messageGroupUuid }, `${name} ${count}`);
      const { answer: message, refused: reason } = await outcomeOf(() => draft.send(caller.apis[count % 2 ? 1 : 0]));
      if (message) written.push({ ...draft, message });
      else {
        reasons.add(reason ?? '');
        refused.push({ draft, caller });
      }
      const others = await Promise.all([
        outcomeOf(() => caller.apis[0].messageGroups.list.query()),
        outcomeOf(() => caller.apis[1].messages.list.query({ messageGroupUuid })),
        outcomeOf(() => ida.apis[0].users.me.query()),
      ]);
      for (const other of others) if (other.refused !== undefined) reasons.add(other.refused);
    }
  };
  system.postgres.slow(SLOW_MS);
  system.dynamodb.slow(SLOW_MS);
  await Promise.all(Array.from({ length: SENDERS }, (_, i) => send(`Line ${i}`, i % 2 ? fay : gus)));
  system.postgres.slow(0);
  system.dynamodb.slow(0);
  expect([...reasons].filter((reason) => reason !== 'store_unavailable')).toEqual([]);

  await expectNothingWaits(system);
  for (const api of fay.apis) {
    await eventually(() => api.messages.list.query({ messageGroupUuid }));
    await eventually(() => ida.apis[0].users.me.query());
  }
  for (const { draft, caller } of refused) written.push(await acknowledge(draft, caller.apis));
  await expectOnce(system.table, written);
  await eventually(async () => expect((await verifyTable(system.table)).breaches).toEqual([]));
}

/** Checks that no server waits for an earlier answer or exceeds its pool. */
async function expectNothingWaits({ postgres, dynamodb }: System): Promise<void> {
  await eventually(() => {
    expect(postgres.connections().open).toBeLessThanOrEqual(MAX_POSTGRES_CONNECTIONS);
    expect([postgres.connections().unanswered, dynamodb.connections().unanswered]).toEqual([0, 0]);
  });
}
