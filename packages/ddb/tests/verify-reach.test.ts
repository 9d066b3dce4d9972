import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import { createMessageToPerson, formatTime, keys, type MessageStore, micros, verifyTable } from '../src/index.ts';
import { namedIn } from '../src/members/person.ts';

const [ana, ben] = [person(), person()];
const gateKey = keys.gate(ana.uuid, ben.uuid);
const AT = micros(1_795_162_530_123_456);

let store: MessageStore;
let group: string;

beforeEach(async () => {
  store = await createTestStore();
  group = (await createMessageToPerson(store, ben, draft({ sender: ana, text: 'one' }))).messageGroupUuid;
});

const block = (by = ana, other = ben) => ({
  ...keys.block(by.uuid, other.uuid),
  ...namedIn(other),
  blocked_at: formatTime(AT),
});
const marker = (owner: { uuid: string }, attributes: object) => ({
  ...keys.readMarker(owner.uuid, group),
  ...attributes,
});
const suspension = {
  ...keys.suspension(ana.uuid),
  suspended_at: formatTime(AT),
  suspended_by: 'operator',
  reason: 'spam',
};
const request = (attributes: object) => ({ to: ben.uuid, sent: 1, at: formatTime(AT), ...attributes });
const requestItem = () => ({ ...keys.request(ben.uuid, AT, group), group_uuid: group });
const set = (...uuids: string[]) => new Set(uuids);
const breachesOf = async () => (await verifyTable(store)).breaches.map(({ kind, detail }) => `${kind}: ${detail}`);

/** The breaches by kind, all of which one repair removes. */
async function repaired(): Promise<string[]> {
  const { breaches } = await verifyTable(store, { repair: true, findPerson: async () => undefined });
  expect(breaches.filter((each) => each.repaired === undefined)).toEqual([]);
  expect(await breachesOf()).toEqual([]);
  return breaches.map(({ kind }) => kind);
}
const itemAt = async ({ pk, sk }: { pk: string; sk: string }) =>
  (await itemsOf<{ sk: string }>(store, pk)).find((each) => each.sk === sk);

describe('verifyTable, on who can reach whom', () => {
  it('finds nothing where gate, blocks, suspensions, request, pins and markers agree', async () => {
    const blocked = { blocked_by: set(ana.uuid, ben.uuid) };
    await putItems(store, [
      { ...gateKey, ...blocked, suspended: set(ana.uuid), request: request({ sent: 3, is_declined: true }) },
      suspension,
      block(),
      block(ben, ana),
      marker(ana, { ...blocked, awaits_acceptance: true, is_pinned: true, muted_until: 'always' }),
      marker(ben, { ...blocked, request: 'declined', is_marked_unread: true, shown_up_to: '0' }),
      { ...keys.pins(ana.uuid), pinned: set(group) },
    ]);
    expect(await breachesOf()).toEqual([]);
  });

  it('finds nothing where two people without a group block each other', async () => {
    const other = person();
    await putItems(store, [{ ...keys.gate(ana.uuid, other.uuid), blocked_by: set(ana.uuid) }, block(ana, other)]);
    expect(await breachesOf()).toEqual([]);
  });

  it('keeps a block that only the gate has, or only the list', async () => {
    await putItems(store, [{ ...gateKey, blocked_by: set(ana.uuid) }, block(ben, ana)]);
    expect(await repaired()).toEqual(['block_wrong', 'gate_copy_wrong', 'block_wrong', 'gate_copy_wrong']);
    const both = { blocked_by: set(ana.uuid, ben.uuid) };
    expect(await itemAt(gateKey)).toMatchObject(both);
    expect(await itemAt(block())).toMatchObject(namedIn(ben));
    for (const owner of [ana, ben]) expect(await itemAt(marker(owner, {}))).toMatchObject(both);
  });

  it('leaves a block out of the list while the names of the blocked person are unknown', async () => {
    const other = person();
    await putItems(store, [{ ...keys.gate(ana.uuid, other.uuid), blocked_by: set(ana.uuid) }]);
    expect((await verifyTable(store, { repair: true })).breaches).toMatchObject([{ repaired: undefined }]);
    await verifyTable(store, { repair: true, findPerson: async () => other });
    expect(await itemAt(block(ana, other))).toMatchObject(namedIn(other));
    expect(await breachesOf()).toEqual([]);
  });

  it('lets markers follow the gate: a block that has ended, an accepted request', async () => {
    await putItems(store, [
      marker(ana, { blocked_by: set(ana.uuid), awaits_acceptance: true }),
      marker(ben, { request: 'pending', muted_until: 'always' }),
      requestItem(),
    ]);
    expect(await repaired()).toEqual(['gate_copy_wrong', 'gate_copy_wrong', 'request_wrong']);
    expect(await itemAt(marker(ben, {}))).toEqual(marker(ben, { muted_until: 'always' }));
    expect(await itemAt(marker(ana, {}))).toEqual(marker(ana, {}));
    expect(await itemAt(requestItem())).toBeUndefined();
  });

  it('lists a request that the gate has, once, and not one that was declined', async () => {
    const older = { ...keys.request(ben.uuid, micros(AT - 1), group), group_uuid: group };
    await putItems(store, [{ ...gateKey, request: request({ sent: 3 }) }, older]);
    const wrong = ['gate_copy_wrong', 'gate_copy_wrong', 'request_wrong', 'request_wrong'];
    expect((await repaired()).sort()).toEqual(wrong.sort());
    expect(await itemsOf(store, keys.requests(ben.uuid))).toEqual([requestItem()]);
    expect(await itemAt(marker(ben, {}))).toEqual(marker(ben, { request: 'pending' }));
    expect(await itemAt(marker(ana, {}))).toEqual(marker(ana, { awaits_acceptance: true }));
    await putItems(store, [{ ...gateKey, request: request({ is_declined: true }) }]);
    expect(await repaired()).toEqual(['gate_copy_wrong', 'gate_copy_wrong', 'request_wrong']);
    expect(await itemsOf(store, keys.requests(ben.uuid))).toEqual([]);
    expect(await itemAt(marker(ben, {}))).toEqual(marker(ben, { request: 'declined' }));
  });

  it("lets gates follow suspensions, also of the origin's groups", async () => {
    const cai = person();
    const origin = originGroup({ uuid: randomUUID(), members: [ana, cai], times: ['2023-01-01T10:00:00+00:00'] });
    await putItems(store, [...origin.messages, ...origin.rows, suspension, { ...gateKey, suspended: set(ben.uuid) }]);
    expect(await repaired()).toEqual(Array(3).fill('suspension_wrong'));
    for (const other of [ben, cai]) {
      expect(await itemAt(keys.gate(ana.uuid, other.uuid))).toMatchObject({ suspended: set(ana.uuid) });
    }
  });

  it('lets markers follow the pins, of which there are at most five', async () => {
    const pinned = Array.from({ length: 6 }, () => randomUUID());
    await putItems(store, [marker(ana, { is_pinned: true }), marker(ben, { is_pinned: true })]);
    await putItems(store, [{ ...keys.pins(ana.uuid), pinned: set(...pinned) }]);
    expect(await repaired()).toEqual(['pins_wrong', 'pins_wrong']);
    const markers = await itemsOf<{ pinned?: Set<string>; is_pinned?: boolean }>(store, keys.readMarkers(ana.uuid));
    expect(markers.map(({ pinned: all, is_pinned }) => all?.size ?? is_pinned ?? false)).toEqual(
      expect.arrayContaining([5, true, true, true, true, true, false]),
    );
    expect(await itemsOf(store, keys.readMarkers(ben.uuid))).toEqual([marker(ben, {})]);
  });

  it('lets a person have cleared no more than there is', async () => {
    const [newest] = await itemsOf(store, keys.messages(group));
    await putItems(store, [
      marker(ana, { cleared_through: newest?.sk }),
      marker(ben, { cleared_through: '2099-01-01T00:00:00.000000+00:00' }),
    ]);
    expect(await repaired()).toEqual(['cleared_ahead']);
    expect(await itemAt(marker(ben, {}))).toMatchObject({ cleared_through: newest?.sk });
  });

  it("compares what was cleared with the origin's messages by time, not as text", async () => {
    const [uuid, cai] = [randomUUID(), person()];
    const origin = originGroup({ uuid, members: [ana, cai], times: ['2023-01-01T12:00:00+02:00'] });
    const ofCai = keys.readMarker(cai.uuid, uuid);
    await putItems(store, [
      ...origin.messages,
      ...origin.rows,
      { ...ofCai, cleared_through: '2023-01-01T11:00:00.000000+00:00' },
    ]);
    expect(await repaired()).toEqual(['cleared_ahead']);
    expect(await itemAt(ofCai)).toMatchObject({ cleared_through: '2023-01-01T10:00:00.000000+00:00' });
  });

  it.each([
    ['a gate whose set is a list', { ...gateKey, blocked_by: [ana.uuid] }],
    ['a gate that names someone else', { ...gateKey, blocked_by: set(randomUUID()) }],
    ['a gate with a request at no time', { ...gateKey, request: request({ at: 'today' }) }],
    ['a block without a name', { ...keys.block(ana.uuid, ben.uuid), blocked_at: formatTime(AT) }],
    ['a suspension without a reason', { ...suspension, reason: undefined }],
    ['a request of another group', { ...keys.request(ben.uuid, AT, randomUUID()), group_uuid: randomUUID() }],
    ['a marker with a flag that is a text', { ...keys.readMarker(ana.uuid, randomUUID()), is_pinned: 'yes' }],
    ['a marker of no time', { ...keys.readMarker(ana.uuid, randomUUID()), cleared_through: 'now' }],
    ['pins that are a list', { ...keys.pins(ana.uuid), pinned: [] }],
  ])('reports %s', async (_, item) => {
    await putItems(store, [item]);
    expect(await breachesOf()).toContain(`reach_malformed: ${item.pk} ${item.sk}`);
  });
});
