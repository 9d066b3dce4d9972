import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTestStore, draft, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import { createMessageToPerson, keys, type MessageStore } from '../src/index.ts';
import { pairSchema } from '../src/members/pair.ts';
import { batchGet } from '../src/table/batch.ts';

const GROUPS = 120;
/** Pair items that a call can write before its deadline cuts it. */
const PUTS_A_CALL = 50;

/** A person with many groups that the origin wrote. */
async function busyPerson() {
  const store = await createTestStore();
  const owner = person();
  const times = ['2023-01-01T10:00:00+00:00'];
  const others = Array.from({ length: GROUPS }, () => person());
  const groups = others.map((other, i) => {
    const rowsAt = `2023-01-02T10:00:00.${String(i).padStart(6, '0')}+00:00`;
    return originGroup({ uuid: randomUUID(), members: [owner, other], times, rowsAt });
  });
  await putItems(
    store,
    groups.flatMap(({ rows }) => rows.slice(0, 1)),
  );
  return { store, owner, others, groupUuids: groups.map(({ rows }) => rows[0]?.message_group_uuid) };
}

/** A signal that is aborted after so many puts, as a deadline would be, and the number of puts. */
function deadlineAfter(store: MessageStore, most: number) {
  const deadline = new AbortController();
  let puts = 0;
  store.client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } finally {
        if (context.commandName === 'PutItemCommand' && ++puts === most) deadline.abort();
      }
    },
    { step: 'initialize', name: 'deadline' },
  );
  const end = () => {
    store.client.middlewareStack.remove('deadline');
    return puts;
  };
  return { signal: deadline.signal, end };
}

describe('writing the pair items of a person with many groups', () => {
  it('continues where a deadline ended it, and writes each item once', async () => {
    const { store, owner, others, groupUuids } = await busyPerson();
    const oldest = others[0] ?? person();
    const sent = draft({ sender: person() });
    let puts = 0;
    const attempt = async () => {
      const { signal, end } = deadlineAfter(store, PUTS_A_CALL);
      const [outcome] = await Promise.allSettled([
        createMessageToPerson({ ...store, signal }, owner, { ...sent, sender: oldest }),
      ]);
      puts += end();
      return outcome;
    };
    const cut = { status: 'rejected', reason: { name: 'AbortError' } };
    expect(await attempt()).toMatchObject(cut);
    expect(await attempt()).toMatchObject(cut);
    const written = { messageGroupUuid: groupUuids[0], uuid: sent.uuid };
    expect(await attempt()).toMatchObject({ status: 'fulfilled', value: written });
    // One put for each group, one more for each of the two people, and those in progress at a deadline.
    expect(puts).toBeLessThanOrEqual(GROUPS + 2 + 2 * 10);
    const pairs = await batchGet(
      store,
      pairSchema,
      others.map((other) => keys.pair(owner.uuid, other.uuid)),
    );
    expect(new Set(pairs.map((item) => item.group_uuid))).toEqual(new Set(groupUuids));
  });
});
