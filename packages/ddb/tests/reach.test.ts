import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createTestStore,
  draft,
  idMadeAgo,
  itemsOf,
  originGroup,
  otherInstance,
  person,
  putItems,
} from '../../../tests/support/messages.ts';
import {
  acceptRequest,
  addMicros,
  blockPerson,
  clearGroup,
  createMessage,
  createMessageToPerson,
  declineRequest,
  keys,
  listBlocked,
  listMessageGroups,
  listReadMarkers,
  type MessageStore,
  markRead,
  type NewGroupOptions,
  type Person,
  passageOf,
  readGate,
  readGroupState,
  suspendPerson,
  unblockPerson,
  updateGroupState,
} from '../src/index.ts';
import { moveRows, putMessages, timeOf } from './conversation.ts';

const UNAVAILABLE = { reason: 'recipient_unavailable' };
const PENDING = { reason: 'request_pending' };
const SUSPENDED = { reason: 'account_suspended' };
const ASKED: NewGroupOptions = { whoMayMessage: () => Promise.resolve('requests') };

let store: Awaited<ReturnType<typeof createTestStore>>;
beforeAll(async () => {
  store = await createTestStore();
});

const send = (from: Person, to: Person, options?: NewGroupOptions, at: MessageStore = store) =>
  createMessageToPerson(at, to, draft({ sender: from }), options);
const block = (by: Person, other: Person) => blockPerson(store, { userUuid: by.uuid, other });
const unblock = (by: Person, other: Person) => unblockPerson(store, { userUuid: by.uuid, other });
const blockedBy = async ({ uuid }: Person) =>
  (await listBlocked(store, { userUuid: uuid, limit: 50 })).items.map((each) => each.uuid);
const stateOf = ({ uuid }: Person, messageGroupUuid: string) =>
  readGroupState(store, { messageGroupUuid, userUuid: uuid });
const requestsOf = ({ uuid }: Person) => itemsOf<{ group_uuid: string }>(store, keys.requests(uuid));
const listOf = async ({ uuid }: Person, filter?: 'all' | 'requests') =>
  (await listMessageGroups(store, { userUuid: uuid, limit: 50, filter })).items.map((group) => group.uuid);
/** The same table, some days later. */
const daysLater = (days: number) =>
  otherInstance(store, { clock: () => addMicros(store.clock(), days * 24 * 60 * 60 * 1_000_000) });

/** Two people with a message of each. */
async function conversation() {
  const [ana, ben] = [person(), person()];
  const { messageGroupUuid: group } = await send(ana, ben);
  const newest = await send(ben, ana);
  return { ana, ben, group, newest };
}

/** A request of Ana's to Ben, with some messages. */
async function request(messages = 1) {
  const [ana, ben] = [person(), person()];
  const { messageGroupUuid: group } = await send(ana, ben, ASKED);
  for (let n = 1; n < messages; n++) await send(ana, ben, ASKED);
  const ofBen = { messageGroupUuid: group, userUuid: ben.uuid, otherUuid: ana.uuid };
  return { ana, ben, group, ofBen };
}

describe('a block', () => {
  it('refuses messages in both directions, also by both, until the last one ends', async () => {
    const { ana, ben, group } = await conversation();
    expect(await block(ana, ben)).toBe(group);
    await expect(send(ana, ben)).rejects.toMatchObject(UNAVAILABLE);
    await expect(send(ben, ana)).rejects.toMatchObject(UNAVAILABLE);
    expect(await stateOf(ana, group)).toMatchObject({ isBlockedByMe: true, canSend: false });
    expect(await stateOf(ben, group)).toMatchObject({ isBlockedByMe: false, canSend: false });
    expect(await block(ben, ana)).toBe(group);
    expect(await unblock(ana, ben)).toBe(group);
    await expect(send(ana, ben)).rejects.toMatchObject(UNAVAILABLE);
    expect(await stateOf(ana, group)).toMatchObject({ isBlockedByMe: false, canSend: false });
    expect(await unblock(ben, ana)).toBe(group);
    for (const each of [ana, ben]) {
      expect(await stateOf(each, group)).toMatchObject({ isBlockedByMe: false, canSend: true });
      expect(await blockedBy(each)).toEqual([]);
    }
    expect(await itemsOf(store, keys.messages(group))).toHaveLength(2);
    await expect(send(ana, ben)).resolves.toMatchObject({ messageGroupUuid: group });
  });

  it('and its end are idempotent, also from many devices at once', async () => {
    const { ana, ben, group } = await conversation();
    const tenTimes = (act: typeof block) => Promise.all(Array.from({ length: 10 }, () => act(ana, ben)));
    expect(new Set(await tenTimes(block))).toEqual(new Set([group]));
    expect(await blockedBy(ana)).toEqual([ben.uuid]);
    await tenTimes(unblock);
    expect(await blockedBy(ana)).toEqual([]);
    expect(await readGate(store, ana.uuid, ben.uuid)).not.toHaveProperty('blocked_by');
    const stranger = person();
    expect(await unblock(ana, stranger)).toBeUndefined();
    expect(await readGate(store, ana.uuid, stranger.uuid)).toBeUndefined();
  });

  it.each([
    ['the one who blocks', (ana: Person, ben: Person) => send(ana, ben)],
    ['the one who is blocked', (ana: Person, ben: Person) => send(ben, ana)],
  ])('without a conversation prevents one of %s, and nothing is written', async (_, begin) => {
    const [ana, ben] = [person(), person()];
    expect(await block(ana, ben)).toBeUndefined();
    await expect(begin(ana, ben)).rejects.toMatchObject(UNAVAILABLE);
    for (const { uuid } of [ana, ben]) {
      expect(await itemsOf(store, keys.messageGroups(uuid))).toEqual([]);
      expect(await itemsOf(store, keys.readMarkers(uuid))).toEqual([]);
    }
    expect(await unblock(ana, ben)).toBeUndefined();
    await expect(begin(ana, ben)).resolves.toHaveProperty('messageGroupUuid');
  });

  it("closes the origin's conversations, which have no pair item", async () => {
    const [ana, ben] = [person(), person()];
    const uuid = randomUUID();
    const { messages, rows } = originGroup({ uuid, members: [ana, ben], times: ['2023-04-05T06:07:08.910111+00:00'] });
    await putItems(store, [...messages, ...rows]);
    expect(await block(ana, ben)).toBe(uuid);
    await expect(send(ben, ana)).rejects.toMatchObject(UNAVAILABLE);
    expect(await stateOf(ben, uuid)).toMatchObject({ canSend: false });
  });

  it.each([
    ['made now', () => idMadeAgo(0)],
    ['of a minute ago', () => idMadeAgo(60)],
    ['of a day ago', () => idMadeAgo(86_400)],
    ['of version 4', () => randomUUID()],
  ])('still answers the retry of a message that was stored before it, under an id %s', async (_, makeId) => {
    const { ana, ben } = await conversation();
    const sent = draft({ sender: ana, uuid: makeId() });
    const message = await createMessageToPerson(store, ben, sent);
    await block(ben, ana);
    for (const at of [store, otherInstance(store), daysLater(0.1)]) {
      expect(await createMessageToPerson(at, ben, sent)).toMatchObject(message);
    }
    const other = draft({ sender: ana, uuid: makeId() });
    await expect(createMessageToPerson(store, ben, other)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('made while the conversation begins closes it: nothing passes afterwards', async () => {
    for (let n = 0; n < 40; n++) {
      const [ana, ben] = [person(), person()];
      const [here, there] = [otherInstance(store), otherInstance(store)];
      const sent = [send(ana, ben, undefined, here), send(ben, ana, undefined, there)];
      const [, ...outcomes] = await Promise.allSettled([block(ben, ana), ...sent]);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(UNAVAILABLE);
      }
      await expect(send(ana, ben)).rejects.toMatchObject(UNAVAILABLE);
      const [row] = await itemsOf<{ message_group_uuid: string }>(store, keys.messageGroups(ana.uuid));
      // The states of a conversation that came first know of the block.
      if (row) {
        expect(await stateOf(ben, row.message_group_uuid)).toMatchObject({ isBlockedByMe: true, canSend: false });
        expect(await stateOf(ana, row.message_group_uuid)).toMatchObject({ isBlockedByMe: false, canSend: false });
      }
    }
  });

  it('lists whom a person blocks, in pages', async () => {
    const ana = person();
    const others = Array.from({ length: 7 }, () => person());
    await Promise.all(others.map((other) => block(ana, other)));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listBlocked(store, { userUuid: ana.uuid, limit: 3, cursor });
      found.push(...page.items.map(({ handle }) => handle));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found.toSorted()).toEqual(others.map(({ handle }) => handle).toSorted());
  });
});

describe('a new conversation', () => {
  it('with a person whom nobody may message is refused like a blocked one, and nothing is written', async () => {
    const [ana, ben] = [person(), person()];
    const nobody: NewGroupOptions = { whoMayMessage: () => Promise.resolve('nobody') };
    await expect(send(ana, ben, nobody)).rejects.toMatchObject(UNAVAILABLE);
    expect(await itemsOf(store, keys.messageGroups(ben.uuid))).toEqual([]);
    const { messageGroupUuid } = await send(ben, ana);
    // The setting is for new ones only.
    expect(await send(ana, ben, nobody)).toMatchObject({ messageGroupUuid });
  });

  it('is refused to a suspended person, and lets others write to one, who cannot answer', async () => {
    const [ana, ben] = [person(), person()];
    await suspendPerson(store, ana, { by: 'ada', reason: 'Sells lamps to strangers' });
    await expect(send(ana, ben)).rejects.toMatchObject(SUSPENDED);
    await expect(send(ana, ben, { whoMayMessage: () => Promise.resolve('nobody') })).rejects.toMatchObject(SUSPENDED);
    const { messageGroupUuid } = await send(ben, ana);
    await expect(send(ana, ben)).rejects.toMatchObject(SUSPENDED);
    expect(await send(ben, ana)).toMatchObject({ messageGroupUuid });
  });

  it('that is a request to a suspended person has both in its gate', async () => {
    const [ana, ben] = [person(), person()];
    await suspendPerson(store, ben, { by: 'ada', reason: 'Sells lamps to strangers' });
    await send(ana, ben, ASKED);
    expect(await readGate(store, ana.uuid, ben.uuid)).toMatchObject({
      suspended: new Set([ben.uuid]),
      request: { to: ben.uuid, sent: 1 },
    });
    await expect(send(ben, ana)).rejects.toMatchObject(SUSPENDED);
  });
});

describe('a request', () => {
  it('is apart from the list, and takes three messages', async () => {
    const { ana, ben, group } = await request();
    expect(await listOf(ben)).toEqual([]);
    expect(await listOf(ben, 'requests')).toEqual([group]);
    expect(await listOf(ana)).toEqual([group]);
    expect(await stateOf(ben, group)).toMatchObject({ isRequest: true, canSend: true });
    expect(await send(ana, ben)).toMatchObject({ delivery: 'request' });
    expect(await stateOf(ana, group)).toMatchObject({ canSend: true, awaitsAcceptance: false });
    await send(ana, ben);
    expect(await stateOf(ana, group)).toMatchObject({ canSend: false, awaitsAcceptance: true });
    await expect(send(ana, ben)).rejects.toMatchObject(PENDING);
    expect(await itemsOf(store, keys.messages(group))).toHaveLength(3);
  });

  it('takes three messages of many that are sent at once', async () => {
    const { ana, ben, group } = await request();
    const sent = await Promise.allSettled(Array.from({ length: 6 }, () => send(ana, ben)));
    const reasons = sent.flatMap((each) => (each.status === 'rejected' ? [each.reason as { reason: string }] : []));
    expect(reasons.map(({ reason }) => reason)).toEqual(Array(4).fill(PENDING.reason));
    expect(await itemsOf(store, keys.messages(group))).toHaveLength(3);
    expect(await readGate(store, ana.uuid, ben.uuid)).toMatchObject({ request: { sent: 3 } });
  });

  it('still answers the retry of its third message', async () => {
    const { ana, ben } = await request(2);
    const third = draft({ sender: ana });
    const message = await createMessageToPerson(store, ben, third);
    const { delivery: _, ...stored } = message;
    expect(await createMessageToPerson(otherInstance(store), ben, third)).toMatchObject(stored);
    expect(await readGate(store, ana.uuid, ben.uuid)).toMatchObject({ request: { sent: 3 } });
  });

  it.each([
    ['a call', ({ ofBen }: Awaited<ReturnType<typeof request>>) => acceptRequest(store, ofBen)],
    ['a reply', ({ ana, ben }: Awaited<ReturnType<typeof request>>) => send(ben, ana)],
  ])('is accepted by %s, and then like any conversation', async (_, accept) => {
    const asked = await request(3);
    const { ana, ben, group } = asked;
    await accept(asked);
    expect(await stateOf(ben, group)).toMatchObject({ isRequest: false, canSend: true });
    expect(await stateOf(ana, group)).toMatchObject({ awaitsAcceptance: false, canSend: true });
    expect(await requestsOf(ben)).toEqual([]);
    expect(await listOf(ben)).toEqual([group]);
    for (let n = 0; n < 4; n++) expect((await send(ana, ben)).delivery).toBeUndefined();
  });

  it('is accepted once by calls and replies from several devices at once, while its sender writes', async () => {
    for (let n = 0; n < 10; n++) {
      const { ana, ben, group, ofBen } = await request(2);
      const calls = [acceptRequest(store, ofBen), acceptRequest(otherInstance(store), ofBen)];
      const replies = [send(ben, ana), send(ben, ana, undefined, otherInstance(store)), send(ana, ben)];
      const [accepted] = await Promise.all([Promise.all(calls), Promise.all(replies)]);
      expect(accepted.filter(Boolean).length).toBeLessThanOrEqual(1);
      expect(await itemsOf(store, keys.messages(group))).toHaveLength(5);
      expect(await readGate(store, ana.uuid, ben.uuid)).not.toHaveProperty('request');
      expect(await requestsOf(ben)).toEqual([]);
      expect(await stateOf(ana, group)).toMatchObject({ awaitsAcceptance: false, canSend: true });
      expect(await acceptRequest(store, ofBen)).toBe(false);
    }
  });

  it('that is declined is gone for its recipient, and unchanged for its sender', async () => {
    const { ana, ben, group, ofBen } = await request();
    const before = await stateOf(ana, group);
    for (const _ of [1, 2]) expect(await declineRequest(store, ofBen)).toMatchObject({ isRequest: false });
    expect(await requestsOf(ben)).toEqual([]);
    expect([await listOf(ben), await listOf(ben, 'requests')]).toEqual([[], []]);
    expect(await stateOf(ana, group)).toEqual(before);
    expect(await send(ana, ben)).toMatchObject({ delivery: 'sender_only' });
    expect(await send(ana, ben, undefined, daysLater(6.9))).toMatchObject({ delivery: 'sender_only' });
    await expect(send(ana, ben)).rejects.toMatchObject(PENDING);
    expect([await listOf(ben), await listOf(ben, 'requests')]).toEqual([[], []]);
  });

  it.each([1, 2, 3])('becomes a new one by a message a week after it was declined, after %d before', async (sent) => {
    const { ana, ben, group, ofBen } = await request();
    await declineRequest(store, ofBen);
    for (let n = 1; n < sent; n++) await send(ana, ben);
    const hidden = await itemsOf(store, keys.messages(group));
    const nextWeek = daysLater(7.1);
    const message = await send(ana, ben, undefined, nextWeek);
    expect(message).toMatchObject({ delivery: 'request' });
    expect(await stateOf(ben, group)).toMatchObject({ isRequest: true });
    expect(await stateOf(ana, group)).toMatchObject({ awaitsAcceptance: false, canSend: true });
    expect(await listOf(ben, 'requests')).toEqual([group]);
    // What was written in between stays hidden.
    const cleared = (await stateOf(ben, group)).clearedThrough ?? '';
    expect(cleared).toBe(hidden.at(-1)?.sk.replace('+00:00', 'Z'));
    expect(cleared < message.createdAt).toBe(true);
    for (let n = 0; n < 2; n++) await send(ana, ben, undefined, nextWeek);
    await expect(send(ana, ben, undefined, nextWeek)).rejects.toMatchObject(PENDING);
    await acceptRequest(store, ofBen);
    await moveRows(store, group);
    expect(await listOf(ben)).toEqual([group]);
  });

  it('that is declined is not marked as unread any more; a conversation that is no request stays as it is', async () => {
    const { ofBen } = await request();
    await updateGroupState(store, ofBen, { isMarkedUnread: true });
    expect(await declineRequest(store, ofBen)).toMatchObject({ isMarkedUnread: false });
    const { ana, ben, group } = await conversation();
    const ofAna = { messageGroupUuid: group, userUuid: ana.uuid, otherUuid: ben.uuid };
    const state = await updateGroupState(store, ofAna, { isPinned: true, isMarkedUnread: true });
    expect(await declineRequest(store, ofAna)).toEqual(state);
  });

  it('can be accepted by its recipient after it was declined, by writing', async () => {
    const { ana, ben, group, ofBen } = await request(3);
    await declineRequest(store, ofBen);
    await send(ben, ana);
    await moveRows(store, group);
    expect(await readGate(store, ana.uuid, ben.uuid)).not.toHaveProperty('request');
    expect(await listOf(ben)).toEqual([group]);
    expect((await send(ana, ben)).delivery).toBeUndefined();
  });

  it('of a person whom its recipient blocks is refused, and waits as before once that ends', async () => {
    const { ana, ben, group, ofBen } = await request();
    await block(ben, ana);
    await declineRequest(store, ofBen);
    await expect(send(ana, ben)).rejects.toMatchObject(UNAVAILABLE);
    expect(await acceptRequest(store, ofBen)).toBe(false);
    expect([await listOf(ben), await listOf(ben, 'requests')]).toEqual([[], []]);
    await unblock(ben, ana);
    expect(await send(ana, ben)).toMatchObject({ delivery: 'sender_only' });
    expect(await stateOf(ana, group)).toMatchObject({ canSend: true });
  });

  it('is not left unanswered by a reply that a block overtakes: the reply is refused', async () => {
    const { ana, ben, group } = await request();
    const passage = passageOf(await readGate(store, ben.uuid, ana.uuid), ben.uuid, store.clock());
    await block(ana, ben);
    const reply = createMessage(store, group, draft({ sender: ben }), { recipientUuid: ana.uuid, passage });
    await expect(reply).rejects.toMatchObject(UNAVAILABLE);
    await unblock(ana, ben);
    expect(await itemsOf(store, keys.messages(group))).toHaveLength(1);
    expect(await stateOf(ben, group)).toMatchObject({ isRequest: true, canSend: true });
  });

  it('cleared by its recipient is declined, with what came after they saw it', async () => {
    const { ana, ben, group, ofBen } = await request();
    const [first] = await itemsOf<{ sk: string }>(store, keys.messages(group));
    const later = await send(ana, ben);
    const state = await clearGroup(store, { ...ofBen, through: timeOf(first ?? { sk: '' }) });
    expect(state).toMatchObject({ isRequest: false, clearedThrough: later.createdAt });
    expect([await listOf(ben), await listOf(ben, 'requests')]).toEqual([[], []]);
    expect(await stateOf(ben, group)).toMatchObject({ isRequest: false });
  });
});

describe('a cleared conversation', () => {
  it('is gone for one person, and returns with the next message, also one that was on its way', async () => {
    const { ana, ben, group, newest } = await conversation();
    const ofAna = { messageGroupUuid: group, userUuid: ana.uuid, otherUuid: ben.uuid };
    await updateGroupState(store, ofAna, { isPinned: true, isMarkedUnread: true });
    expect(await clearGroup(store, ofAna)).toMatchObject({
      clearedThrough: newest.createdAt,
      isPinned: false,
      isMarkedUnread: false,
    });
    expect([await listOf(ana), await listOf(ben)]).toEqual([[], [group]]);
    // A message whose time is earlier than the call, and later than what was there.
    await putMessages(store, group, [ben]);
    await moveRows(store, group);
    expect(await listOf(ana)).toEqual([group]);
    expect((await stateOf(ana, group)).clearedThrough).toBe(newest.createdAt);
  });

  it('keeps what came after the message that the person saw', async () => {
    const { ana, ben, group, newest } = await conversation();
    const ofAna = { messageGroupUuid: group, userUuid: ana.uuid, otherUuid: ben.uuid };
    const unseen = await send(ben, ana);
    await moveRows(store, group);
    expect(await clearGroup(store, { ...ofAna, through: timeOf(newest) })).toMatchObject({
      clearedThrough: newest.createdAt,
    });
    const { items } = await listMessageGroups(store, { userUuid: ana.uuid, limit: 50 });
    expect(items).toMatchObject([{ uuid: group, unreadCount: 1, createdAt: unseen.createdAt }]);
    // What was sent before the other device cleared more arrives late.
    expect(await clearGroup(store, ofAna)).toMatchObject({ clearedThrough: unseen.createdAt });
    expect(await clearGroup(store, { ...ofAna, through: timeOf(newest) })).toMatchObject({
      clearedThrough: unseen.createdAt,
    });
    expect(await listOf(ana)).toEqual([]);
  });

  it('is not cleared further than its newest message, whatever the time', async () => {
    const { ana, ben, group, newest } = await conversation();
    const ofAna = { messageGroupUuid: group, userUuid: ana.uuid, otherUuid: ben.uuid };
    for (const through of [addMicros(store.clock(), 3_600_000_000), timeOf({ createdAt: '9999-12-31T23:59:59Z' })]) {
      expect(await clearGroup(store, { ...ofAna, through })).toMatchObject({ clearedThrough: newest.createdAt });
    }
    const next = await send(ben, ana);
    await moveRows(store, group);
    expect(await listOf(ana)).toEqual([group]);
    const empty = { ...ofAna, messageGroupUuid: randomUUID(), through: timeOf(next) };
    expect(await clearGroup(store, empty)).toMatchObject({ clearedThrough: null });
  });

  it('is cleared the same twice, from two devices at once, and without a message', async () => {
    const { ana, ben, group, newest } = await conversation();
    const ofAna = { messageGroupUuid: group, userUuid: ana.uuid, otherUuid: ben.uuid };
    const states = await Promise.all(Array.from({ length: 5 }, () => clearGroup(store, ofAna)));
    expect(new Set(states.map(({ clearedThrough }) => clearedThrough))).toEqual(new Set([newest.createdAt]));
    const empty = { messageGroupUuid: randomUUID(), userUuid: ana.uuid, otherUuid: ben.uuid };
    expect(await clearGroup(store, empty)).toMatchObject({ clearedThrough: null });
  });

  it('is neither pinned nor marked as unread, also if it was cleared before or has no message', async () => {
    const { ana, ben, group } = await conversation();
    const ofAna = { messageGroupUuid: group, userUuid: ana.uuid, otherUuid: ben.uuid };
    await clearGroup(store, ofAna);
    await updateGroupState(store, ofAna, { isPinned: true, isMarkedUnread: true });
    expect(await clearGroup(store, ofAna)).toMatchObject({ isPinned: false, isMarkedUnread: false });
    const empty = { ...ofAna, messageGroupUuid: randomUUID() };
    await updateGroupState(store, empty, { isPinned: true });
    expect(await clearGroup(store, empty)).toMatchObject({ isPinned: false });
  });

  it('is not pinned by another device meanwhile', async () => {
    const { ana, ben, group } = await conversation();
    const ofAna = { messageGroupUuid: group, userUuid: ana.uuid, otherUuid: ben.uuid };
    const send = async (command: UpdateCommand) => {
      if (command instanceof UpdateCommand) await updateGroupState(store, ofAna, { isPinned: true });
      return store.client.send(command);
    };
    const interrupted = otherInstance(store, { client: { send } as unknown as MessageStore['client'] });
    expect(await clearGroup(interrupted, ofAna)).toMatchObject({ isPinned: false });
    expect(await stateOf(ana, group)).toMatchObject({ isPinned: false });
  });
});

describe("a group's state", () => {
  it('has at most five pins, also when eight are set at once', async () => {
    const ana = person();
    const groups = await Promise.all(
      Array.from({ length: 8 }, async () => (await send(ana, person())).messageGroupUuid),
    );
    const pin = (group: string, isPinned = true) =>
      updateGroupState(store, { messageGroupUuid: group, userUuid: ana.uuid }, { isPinned });
    const pinned = await Promise.allSettled(groups.map((group) => pin(group)));
    const refused = groups.filter((_, i) => pinned[i]?.status === 'rejected');
    expect(refused).toHaveLength(3);
    for (const each of pinned) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ reason: 'pin_limit_reached' });
    }
    const states = await Promise.all(groups.map((group) => stateOf(ana, group)));
    expect(states.filter(({ isPinned }) => isPinned)).toHaveLength(5);
    const kept = groups.filter((group) => !refused.includes(group));
    await pin(kept[0] ?? '');
    await pin(kept[0] ?? '', false);
    await pin(refused[0] ?? '');
    await expect(pin(refused[1] ?? '')).rejects.toMatchObject({ reason: 'pin_limit_reached' });
  });

  it('is muted for ever, until a time, or not', async () => {
    const { ana, ben, group } = await conversation();
    const mute = async (mutedUntil: Parameters<typeof updateGroupState>[2]['mutedUntil']) =>
      (await updateGroupState(store, { messageGroupUuid: group, userUuid: ana.uuid }, { mutedUntil })).mutedUntil;
    expect(await mute(null)).toBeNull();
    expect(await mute('always')).toBe('always');
    const hourLater = addMicros(store.clock(), 60 * 60 * 1_000_000);
    const until = await mute(hourLater);
    expect(until && timeOf({ createdAt: until })).toBe(hourLater);
    const address = { messageGroupUuid: group, userUuid: ana.uuid };
    expect((await readGroupState(daysLater(1), address)).mutedUntil).toBeNull();
    expect((await stateOf(ben, group)).mutedUntil).toBeNull();
    expect(await mute(null)).toBeNull();
  });

  it('is marked as unread until it is read, also up to where it was read before', async () => {
    const { ana, group, newest } = await conversation();
    const address = { messageGroupUuid: group, userUuid: ana.uuid };
    const read = () => markRead(store, { ...address, at: timeOf(newest) });
    for (const _ of [1, 2]) {
      expect(await updateGroupState(store, address, { isMarkedUnread: true })).toMatchObject({ isMarkedUnread: true });
      expect((await read()).marker.readAt).toBe(newest.createdAt);
      expect(await stateOf(ana, group)).toMatchObject({ isMarkedUnread: false });
    }
    expect((await read()).moved).toBe(false);
  });
});

describe('a read marker that is kept back', () => {
  it('shows what was shown before, and all of it after the next one that is shown', async () => {
    const { ana, ben, group } = await conversation();
    const mark = async (isShown: boolean) => {
      const at = timeOf(await send(ben, ana));
      return (await markRead(store, { messageGroupUuid: group, userUuid: ana.uuid, at, isShown })).marker.readAt;
    };
    const seenBy = async (viewer: Person) => {
      const input = { messageGroupUuid: group, userUuids: [ana.uuid], viewerUuid: viewer.uuid };
      return (await listReadMarkers(store, input))[0]?.readAt;
    };
    await mark(false);
    expect(await seenBy(ben)).toBeUndefined();
    const second = await mark(false);
    expect([await seenBy(ben), await seenBy(ana)]).toEqual([undefined, second]);
    const shown = await mark(true);
    expect([await seenBy(ben), await seenBy(ana)]).toEqual([shown, shown]);
    await mark(false);
    const kept = await mark(false);
    expect([await seenBy(ben), await seenBy(ana)]).toEqual([shown, kept]);
    const next = await mark(true);
    expect([await seenBy(ben), await seenBy(ana)]).toEqual([next, next]);
  });

  it('in a request shows once it is accepted what was read with receipts on, and nothing of the rest', async () => {
    const { ana, ben, group, ofBen } = await request(2);
    const [first, second] = await itemsOf<{ sk: string }>(store, keys.messages(group));
    const mark = (message: { sk: string } | undefined, isShown: boolean) =>
      markRead(store, { messageGroupUuid: group, userUuid: ben.uuid, at: timeOf(message ?? { sk: '' }), isShown });
    const seenByAna = () =>
      listReadMarkers(store, { messageGroupUuid: group, userUuids: [ben.uuid], viewerUuid: ana.uuid });
    const { marker } = await mark(first, true);
    await mark(second, false);
    expect(await seenByAna()).toEqual([]);
    await acceptRequest(store, ofBen);
    expect(await seenByAna()).toEqual([marker]);
  });
});
