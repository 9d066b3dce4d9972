import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { newRegion } from '../../../tests/support/dynamodb.ts';
import {
  createTestStore,
  draft,
  idMadeAgo,
  itemsOf,
  otherInstance,
  person,
  putItems,
} from '../../../tests/support/messages.ts';
import {
  addMicros,
  createMessage,
  createMessageToPerson,
  type Item,
  keys,
  type MessageStore,
  scanItems,
  verifyTable,
} from '../src/index.ts';

/** A failover takes minutes, so no retry reaches the second region earlier. */
const later = (store: MessageStore, minutes = 3) =>
  otherInstance(store, { clock: () => addMicros(store.clock(), minutes * 60_000_000) });

/** Copies what has arrived. A global table replicates each item of a transaction separately. */
async function replicate(from: MessageStore, to: MessageStore, hasArrived: (item: Item) => boolean = () => true) {
  for await (const items of scanItems(from, { ConsistentRead: true })) await putItems(to, items.filter(hasArrived));
}

describe('a retry that reaches another region after a failover', () => {
  const [ana, ben] = [person(), person()];
  let here: MessageStore;
  // DynamoDB Local keeps regions apart, tokens of transactions included, as AWS does.
  let there: MessageStore;
  let group: string;
  const writtenThere = async (uuid: string) =>
    (await itemsOf(there, keys.messages(group))).filter((item) => item.message_uuid === uuid);

  beforeAll(async () => {
    here = await createTestStore({}, newRegion());
    there = await createTestStore({}, newRegion());
    group = (await createMessageToPerson(here, ben, draft({ sender: ana }))).messageGroupUuid;
    await replicate(here, there);
  });

  it.each([
    ['a fresh version 7 id', () => idMadeAgo(0)],
    ['a version 7 id of a minute ago', () => idMadeAgo(60)],
    ['a version 7 id of a day ago', () => idMadeAgo(86_400)],
    ['a version 4 id', () => randomUUID()],
  ])('returns the message of the first region, and writes none, under %s', async (_, makeId) => {
    const sent = draft({ sender: ana, uuid: makeId() });
    const message = await createMessage(here, group, sent);
    await replicate(here, there);
    for (const minutes of [3, 60]) expect(await createMessage(later(there, minutes), group, sent)).toEqual(message);
    expect(await writtenThere(sent.uuid)).toHaveLength(1);
  });

  it('finds the conversation that the first region created', async () => {
    const cara = person();
    const sent = draft({ sender: ana });
    const message = await createMessageToPerson(here, cara, sent);
    await replicate(here, there);
    expect(await createMessageToPerson(later(there), cara, sent)).toEqual(message);
  });

  it('finds the message while its receipt has not arrived', async () => {
    const sent = draft({ sender: ana, uuid: randomUUID() });
    const message = await createMessage(here, group, sent);
    await replicate(here, there, ({ pk }) => pk !== keys.receipt(sent.uuid).pk);
    expect(await createMessage(later(there), group, sent)).toEqual(message);
    expect(await writtenThere(sent.uuid)).toHaveLength(1);
  });

  it('is refused while only the receipt has arrived', async () => {
    const sent = draft({ sender: ana, uuid: randomUUID() });
    await createMessage(here, group, sent);
    const isMessage = ({ message_uuid }: Item) => message_uuid === sent.uuid;
    await replicate(here, there, (item) => !isMessage(item));
    await expect(createMessage(later(there), group, sent)).rejects.toMatchObject({
      reason: 'client_message_uuid_reused',
    });
    expect(await writtenThere(sent.uuid)).toEqual([]);
  });

  it('writes a message that had not arrived again, and verify names it when the first one arrives after all', async () => {
    const sent = draft({ sender: ana });
    await createMessage(here, group, sent);
    await createMessage(later(there), group, sent);
    expect(await writtenThere(sent.uuid)).toHaveLength(1);
    const named = async () =>
      (await verifyTable(there)).breaches.filter(({ kind }) => kind === 'message_doubled').length;
    expect(await named()).toBe(0);
    await replicate(here, there);
    expect(await named()).toBe(1);
  });
});
