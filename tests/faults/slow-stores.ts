import { verifyTable } from '@cruddur/ddb';
import { expect } from 'vitest';
import { type Acknowledged, expectOnce } from '../support/acknowledged.ts';
import { acknowledge, draftTo, eventually, outcomeOf, sendTo } from './support/calls.ts';
import type { Caller, System } from './support/system.ts';

/** On each way, so that an answer is two seconds late. */
const SLOW_MS = 1000;
/** Several times what one call takes: longer shows no more. */
const LASTS_MS = 5000;
const SENDERS = 6;

/** Calls succeed or are refused in time while both stores are slow; nothing has piled up when they no longer are. */
export async function slowStores(system: System): Promise<void> {
  const [fay, gus] = (await system.signInKnown('fay', 'gus')) as [Caller, Caller];
  const ida = await system.signIn('ida');
  const first = await sendTo(fay.apis, { handle: 'gus' }, 'Hello');
  const { messageGroupUuid } = first.message;
  const written: Acknowledged[] = [first];
  const refused: { draft: ReturnType<typeof draftTo>; caller: Caller }[] = [];
  const reasons = new Set<string>();

  const send = async (name: string, caller: Caller) => {
    const startedAt = performance.now();
    for (let count = 0; performance.now() - startedAt < LASTS_MS; count++) {
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

  for (const api of fay.apis) {
    await eventually(async () => {
      const startedAt = performance.now();
      await api.messages.list.query({ messageGroupUuid });
      await ida.apis[0].users.me.query();
      expect(performance.now() - startedAt).toBeLessThan(1000);
    });
  }
  for (const { draft, caller } of refused) written.push(await acknowledge(draft, caller.apis));
  await expectOnce(system.table, written);
  await eventually(async () => expect((await verifyTable(system.table)).breaches).toEqual([]));
}
