import {
  findSuspension,
  type Gate,
  keys,
  listMessageGroups,
  type MessageItem,
  type MessageStore,
  parseTime,
  REQUEST_MESSAGES_MAX,
  type ReadMarkerItem,
  readGate,
} from '@cruddur/ddb';
import { expect } from 'vitest';
import { itemsOf } from '../../../tests/support/messages.ts';
import type { Reach } from './history-reach.ts';

type Pair = readonly [string, string];

/**
 * Checks at the end of a history that the gate of two people is what was done, and that all items which repeat it agree.
 *
 * @param isRequest - whether their group must have begun as a request
 * @returns whether each has the group in their list
 */
export async function checkStates(
  store: MessageStore,
  reach: Reach,
  pair: Pair,
  group: string,
  thread: readonly MessageItem[],
  isRequest: boolean,
): Promise<Map<string, { isListed: boolean }>> {
  const { span, end } = reach.begin();
  end();
  const gate = await readGate(store, ...pair);
  checkRequest(reach, pair, gate, thread, isRequest, span);
  const states = new Map<string, { isListed: boolean }>();
  for (const userUuid of pair) {
    const other = pair.find((each) => each !== userUuid) ?? '';
    const markers = await itemsOf<ReadMarkerItem>(store, keys.readMarkers(userUuid));
    const marker = markers.find(({ sk }) => sk === group);
    const blocks = await itemsOf<{ sk: string }>(store, keys.blocks(userUuid));
    const isBlocking = gate?.blocked_by?.has(userUuid) ?? false;
    expect(reach.is(!isBlocking, 'blocks', userUuid, other, span)).toBe(false);
    expect(blocks.some(({ sk }) => sk === other)).toBe(isBlocking);
    expect(gate?.suspended?.has(userUuid) ?? false).toBe((await findSuspension(store, userUuid)) !== undefined);
    expect(marker?.blocked_by).toEqual(gate?.blocked_by);
    const pins = markers.find(({ sk }) => sk === keys.pins(userUuid).sk)?.pinned;
    expect(pins?.has(group) ?? false).toBe(marker?.is_pinned ?? false);
    states.set(userUuid, { isListed: isListed(marker, thread) });
    await checkRequestItems(store, { userUuid, group, gate, marker });
  }
  return states;
}

function isListed(marker: ReadMarkerItem | undefined, thread: readonly MessageItem[]): boolean {
  const cleared = parseTime(marker?.cleared_through ?? '') ?? 0;
  const newest = parseTime(thread.at(-1)?.sk ?? '') ?? 0;
  // Nobody clears what is still to come.
  expect(cleared).toBeLessThanOrEqual(newest);
  return marker?.request === undefined && newest > cleared;
}

function checkRequest(
  reach: Reach,
  pair: Pair,
  gate: Gate | undefined,
  thread: readonly MessageItem[],
  isRequest: boolean,
  span: Parameters<Reach['is']>[4],
): void {
  const { request } = gate ?? {};
  if (!request) {
    const sender = thread[0]?.user_uuid ?? '';
    if (isRequest) expect(reach.wasTried('accepts', pair.find((each) => each !== sender) ?? '', sender)).toBe(true);
    return;
  }
  const { to } = request;
  const from = pair.find((each) => each !== to) ?? '';
  expect(reach.wasTried('asks', from, to)).toBe(true);
  expect(reach.is(true, 'accepts', to, from, span)).toBe(false);
  expect(new Set(thread.map(({ user_uuid }) => user_uuid))).toEqual(new Set([from]));
  expect(request.sent).toBe(thread.length);
  expect(request.sent).toBeLessThanOrEqual(REQUEST_MESSAGES_MAX);
  if (request.is_declined) expect(reach.wasTried('declines', to, from)).toBe(true);
  else expect(reach.is(true, 'declines', to, from, span)).toBe(false);
}

/** Marker, list of requests and gate agree. */
async function checkRequestItems(
  store: MessageStore,
  input: { userUuid: string; group: string; gate: Gate | undefined; marker: ReadMarkerItem | undefined },
): Promise<void> {
  const { userUuid, group, gate, marker } = input;
  const { request } = gate ?? {};
  const isRecipient = request?.to === userUuid;
  const answer = request?.is_declined ? 'declined' : 'pending';
  expect(marker?.request).toBe(isRecipient ? answer : undefined);
  const isFull = request !== undefined && !isRecipient && request.sent === REQUEST_MESSAGES_MAX;
  expect(marker?.awaits_acceptance ?? false).toBe(isFull);
  const items = await itemsOf<{ group_uuid: string }>(store, keys.requests(userUuid));
  const isPending = isRecipient && answer === 'pending';
  expect(items.filter(({ group_uuid }) => group_uuid === group)).toHaveLength(isPending ? 1 : 0);
  const listed = await listMessageGroups(store, { userUuid, limit: 50, filter: 'requests' });
  expect(listed.items.filter(({ uuid }) => uuid === group)).toHaveLength(isPending ? 1 : 0);
  expect(listed.items).toHaveLength(items.length);
}
