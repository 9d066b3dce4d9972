import { randomUUID } from 'node:crypto';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  createTestStore,
  draft,
  itemsOf,
  originGroup,
  otherInstance,
  person,
  putItems,
} from '../../../tests/support/messages.ts';
import {
  createMessageToPerson,
  findSuspension,
  keys,
  listModeration,
  type MessageStore,
  type Person,
  suspendPerson,
  unsuspendPerson,
} from '../src/index.ts';

const ADA = { by: 'ada', reason: 'Sells lamps to strangers' };
const GRACE = { by: 'grace', reason: 'Has promised to stop' };

/** Who is suspended in the gate of two people. */
async function suspendedIn(store: MessageStore, one: Person, other: Person): Promise<string[]> {
  const items = await itemsOf<{ sk: string; suspended?: Set<string> }>(store, keys.pair(one.uuid, other.uuid).pk);
  return [...(items.find(({ sk }) => sk === 'GATE')?.suspended ?? [])].sort();
}

/** Rows of a person's list as the origin wrote them, one for each other person. */
function rowsOf(owner: Person, others: readonly Person[], message = 'Hello') {
  return others.map((other, i) => ({
    pk: keys.messageGroups(owner.uuid),
    sk: `2024-05-01T08:00:00.${String(i).padStart(6, '0')}+00:00`,
    message_group_uuid: randomUUID(),
    message,
    user_uuid: other.uuid,
    user_handle: other.handle,
    user_display_name: other.displayName,
  }));
}

/** Calls a function once before a call of an operation. */
function before(store: MessageStore, command: string, nth: number, run: () => Promise<unknown>): void {
  let calls = 0;
  store.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === command && ++calls === nth) await run();
      return next(args);
    },
    { step: 'initialize', name: 'before' },
  );
}

describe('a suspension', () => {
  it("closes the gates of all of the person's pairs, and unsuspending opens them again", async () => {
    const store = await createTestStore();
    const [ana, ben, eve] = [person(), person(), person()];
    await createMessageToPerson(store, ben, draft({ sender: ana }));
    await createMessageToPerson(store, ana, draft({ sender: eve }));
    await createMessageToPerson(store, eve, draft({ sender: ben }));
    await suspendPerson(store, ben, ADA);
    const done = await suspendPerson(store, ana, ADA);
    expect(done).toEqual({ suspension: { at: expect.any(String), ...ADA }, isChangedNow: true, gates: 2 });
    expect(await findSuspension(store, ana.uuid)).toEqual(done.suspension);
    expect(await suspendedIn(store, ana, ben)).toEqual([ana.uuid, ben.uuid].sort());
    expect(await suspendedIn(store, ana, eve)).toEqual([ana.uuid]);
    expect(await suspendedIn(store, ben, eve)).toEqual([ben.uuid]);
    expect(await unsuspendPerson(store, ana, GRACE)).toEqual({ ...done, gates: 2 });
    expect(await findSuspension(store, ana.uuid)).toBeUndefined();
    expect(await suspendedIn(store, ana, ben)).toEqual([ben.uuid]);
    expect(await suspendedIn(store, ana, eve)).toEqual([]);
  });

  it('is in the audit with who, when and why, once', async () => {
    const store = await createTestStore();
    const ana = person();
    const { suspension } = await suspendPerson(store, ana, ADA);
    expect(await suspendPerson(store, ana, GRACE)).toMatchObject({ suspension, isChangedNow: false });
    await unsuspendPerson(store, ana, GRACE);
    expect(await unsuspendPerson(store, ana, ADA)).toEqual({ suspension: undefined, isChangedNow: false, gates: 0 });
    const { items } = await listModeration(store, { limit: 10 });
    expect(items).toEqual([
      { action: 'unsuspend', person: ana, reportId: null, at: expect.any(String), ...GRACE },
      { action: 'suspend', person: ana, reportId: null, ...suspension },
    ]);
  });

  it("reaches the groups of the origin's tables, and leaves what else is in a gate", async () => {
    const store = await createTestStore();
    const [ana, ben, eve] = [person(), person(), person()];
    for (const other of [ben, ben, eve]) {
      const times = [`2024-05-01T08:00:00.${randomUUID().replaceAll(/\D/g, '').slice(0, 6)}+02:00`];
      const { messages, rows } = originGroup({ uuid: randomUUID(), members: [ana, other], times });
      await putItems(store, [...messages, ...rows]);
    }
    const gate = { ...keys.gate(ana.uuid, ben.uuid), blocked_by: new Set([ben.uuid]) };
    await store.client.send(new PutCommand({ TableName: store.tableName, Item: gate }));
    expect(await suspendPerson(store, ana, ADA)).toMatchObject({ gates: 2 });
    await unsuspendPerson(store, ana, GRACE);
    expect(await itemsOf(store, gate.pk)).toEqual([gate]);
    expect(await itemsOf(store, keys.gate(ana.uuid, eve.uuid).pk)).toEqual([keys.gate(ana.uuid, eve.uuid)]);
  });

  it('is completed by running it again, for more pairs than a transaction has', async () => {
    const store = await createTestStore();
    const ana = person();
    const others = Array.from({ length: 60 }, () => person());
    await putItems(store, rowsOf(ana, others));
    before(store, 'TransactWriteItemsCommand', 3, () => Promise.reject(new Error('the process ended')));
    await expect(suspendPerson(store, ana, ADA)).rejects.toThrow('the process ended');
    const progress: number[] = [];
    const again = await suspendPerson(store, ana, GRACE, (done) => progress.push(done));
    expect(again).toMatchObject({ suspension: ADA, isChangedNow: false, gates: 35 });
    expect(progress).toEqual([25, 35]);
    for (const other of others) expect(await suspendedIn(store, ana, other)).toEqual([ana.uuid]);
  });

  it('does not miss a group whose row moves to a newer message meanwhile', async () => {
    const store = await createTestStore();
    const ana = person();
    const others = Array.from({ length: 300 }, () => person());
    const rows = rowsOf(ana, others, 'x'.repeat(4000));
    await putItems(store, rows);
    for (const at of [0, 150, 299]) {
      const row = rows[at] ?? expect.fail('no row');
      const { pk, sk } = row;
      before(store, 'QueryCommand', 2, async () => {
        await putItems(store, [{ ...row, sk: `2025-05-01T08:00:00.${String(at).padStart(6, '0')}+00:00` }]);
        await store.client.send(new DeleteCommand({ TableName: store.tableName, Key: { pk, sk } }));
      });
      const { gates } = await suspendPerson(store, ana, ADA);
      expect(gates).toBe(300);
      store.client.middlewareStack.remove('before');
      await unsuspendPerson(store, ana, GRACE);
    }
  });

  it('reads only the uuids of rows, and says so in the request, as the policy of moderators requires', async () => {
    const store = await createTestStore();
    const inputs: object[] = [];
    store.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'QueryCommand') inputs.push(args.input);
          return next(args);
        },
      { step: 'initialize', name: 'inputs' },
    );
    await suspendPerson(store, person(), ADA);
    const only = { ProjectionExpression: 'user_uuid', Select: 'SPECIFIC_ATTRIBUTES' };
    expect(inputs).toMatchObject([only]);
  });

  it('closes no gate after it has been lifted', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    await createMessageToPerson(store, ben, draft({ sender: ana }));
    before(store, 'BatchGetItemCommand', 1, () => unsuspendPerson(otherInstance(store), ana, GRACE));
    await expect(suspendPerson(store, ana, ADA)).rejects.toThrow('unsuspended meanwhile');
    expect(await suspendedIn(store, ana, ben)).toEqual([]);
  });
});

describe('a conversation that begins while one of the two is suspended', () => {
  it('is refused if it is the sender', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    before(store, 'TransactWriteItemsCommand', 1, () => suspendPerson(otherInstance(store), ana, ADA));
    await expect(createMessageToPerson(store, ben, draft({ sender: ana }))).rejects.toMatchObject({
      reason: 'account_suspended',
    });
    expect(await itemsOf(store, keys.messageGroups(ben.uuid))).toEqual([]);
  });

  it('has the recipient in its gate from the beginning', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    before(store, 'TransactWriteItemsCommand', 1, () => suspendPerson(otherInstance(store), ben, ADA));
    await createMessageToPerson(store, ben, draft({ sender: ana }));
    expect(await suspendedIn(store, ana, ben)).toEqual([ben.uuid]);
  });
});
