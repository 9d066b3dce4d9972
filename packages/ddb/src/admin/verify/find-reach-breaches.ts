import { isDeepStrictEqual } from 'node:util';
import { PINS_MAX } from '@cruddur/config';
import type { ReadMarkerItem } from '../../members/read-marker.ts';
import { type Gate, REQUEST_MESSAGES_MAX } from '../../reach/gate.ts';
import { type Key, keys, peopleOfPair } from '../../table/keys.ts';
import { parseTime } from '../../table/time.ts';
import type { Breach, BreachKind, GroupSummary } from './find-breaches.ts';
import type { ReachScan } from './scan-reach.ts';

/** What the table says about two people. */
export interface PairReach {
  people: readonly [string, string];
  /** Absent: an open one. */
  gate: Gate | undefined;
  /** Who of the two blocks the other by their own list. */
  blockers: ReadonlySet<string>;
  /** Who of the two is suspended. */
  suspended: ReadonlySet<string>;
  messageGroupUuid: string | undefined;
  /** Requests in their group that are not answered. */
  requests: readonly Key[];
  /** Their markers of the group, by owner. */
  markers: ReadonlyMap<string, ReadMarkerItem>;
}

type GateCopies = Pick<ReadMarkerItem, 'blocked_by' | 'request' | 'awaits_acceptance'>;

/** What a member's marker copies of the gate. */
export function copiesOfGate({ gate }: Pick<PairReach, 'gate'>, userUuid: string): GateCopies {
  const { blocked_by, request } = gate ?? {};
  const isRecipient = request?.to === userUuid;
  const isFull = request !== undefined && request.sent >= REQUEST_MESSAGES_MAX;
  return {
    blocked_by,
    request: request && isRecipient ? (request.is_declined ? 'declined' : 'pending') : undefined,
    awaits_acceptance: (isFull && !isRecipient) || undefined,
  };
}

/** The request's item, if it is not answered. */
export function requestOfGate({ gate, messageGroupUuid }: PairReach): Key | undefined {
  const { request } = gate ?? {};
  const at = parseTime(request?.at ?? '');
  if (!request || request.is_declined || at === undefined || messageGroupUuid === undefined) return undefined;
  return keys.request(request.to, at, messageGroupUuid);
}

/** Whether a marker's copies are what the gate says. */
export function hasCopiesOfGate(pair: PairReach, userUuid: string): boolean {
  const { blocked_by, request, awaits_acceptance } = pair.markers.get(userUuid) ?? {};
  return isDeepStrictEqual({ blocked_by, request, awaits_acceptance }, copiesOfGate(pair, userUuid));
}

/** Finds where a gate and the items that repeat what it says do not agree. */
function findPairReachBreaches(pair: PairReach): Breach[] {
  const { people, gate, blockers, suspended, messageGroupUuid, requests } = pair;
  const breaches: Breach[] = [];
  const breach = (kind: BreachKind, detail: string) =>
    breaches.push({ kind, messageGroupUuid: messageGroupUuid ?? '', detail, people });
  for (const uuid of people) {
    const isBlocking = gate?.blocked_by?.has(uuid) ?? false;
    const isSuspended = gate?.suspended?.has(uuid) ?? false;
    if (isBlocking !== blockers.has(uuid))
      breach('block_wrong', `${uuid} blocks, in the ${isBlocking ? 'gate' : 'list'} only`);
    if (isSuspended !== suspended.has(uuid))
      breach('suspension_wrong', `${uuid} is ${isSuspended ? 'not ' : ''}suspended`);
    if (messageGroupUuid !== undefined && !hasCopiesOfGate(pair, uuid)) breach('gate_copy_wrong', `marker of ${uuid}`);
  }
  const request = requestOfGate(pair);
  const unwanted = requests.filter((each) => !isDeepStrictEqual(each, request));
  if (request && unwanted.length === requests.length) breach('request_wrong', `not listed for ${gate?.request?.to}`);
  for (const { pk, sk } of unwanted) breach('request_wrong', `${pk} ${sk} is answered`);
  return breaches;
}

/** Finds what gates, blocks, requests, suspensions, pins and markers of a table do not agree on. */
export function findReachBreaches(reach: ReachScan, groups: ReadonlyMap<string, GroupSummary>): Breach[] {
  const pairs = pairsOf(reach, groups);
  const paired = new Set(pairs.map(({ messageGroupUuid }) => messageGroupUuid));
  const stray = [...reach.requests].filter(([uuid]) => !paired.has(uuid));
  return [
    ...pairs.flatMap(findPairReachBreaches),
    ...stray.map(([messageGroupUuid]): Breach => ({ kind: 'request_wrong', messageGroupUuid, detail: 'no such pair' })),
    ...findPinBreaches(reach),
    ...findClearedAhead(reach, groups),
  ];
}

/** The pairs with a gate, a block, a group or a suspended member: also the origin's, which may have no pair item. */
function pairsOf(reach: ReachScan, groups: ReadonlyMap<string, GroupSummary>): PairReach[] {
  const rows = [...groups.values()].flatMap((group) => group.rows);
  const ofSuspended = rows.filter(({ ownerUuid }) => reach.suspended.has(ownerUuid));
  const grouped = new Set([
    ...reach.groupOfPair.keys(),
    ...ofSuspended.map(({ ownerUuid, row }) => keys.pair(ownerUuid, row.user_uuid).pk),
  ]);
  const pks = new Set([...reach.gates.keys(), ...reach.blocks.keys(), ...grouped]);
  return [...pks].flatMap((pk): PairReach[] => {
    const people = peopleOfPair(pk);
    const gate = reach.gates.get(pk);
    // One that cannot be read is a breach by itself.
    if (!people || (!gate && reach.gates.has(pk))) return [];
    const messageGroupUuid = reach.groupOfPair.get(pk);
    // Without a group, a suspension is in a gate only if it was there before.
    const isSuspended = (uuid: string) => reach.suspended.has(uuid) && (grouped.has(pk) || gate?.suspended?.has(uuid));
    return [
      {
        people,
        gate,
        blockers: reach.blocks.get(pk) ?? new Set(),
        suspended: new Set(people.filter(isSuspended)),
        messageGroupUuid,
        requests: reach.requests.get(messageGroupUuid ?? '') ?? [],
        markers: reach.markers.get(messageGroupUuid ?? '') ?? new Map(),
      },
    ];
  });
}

function findPinBreaches({ pins, markers: markersByGroup }: ReachScan): Breach[] {
  const flagged = new Map<string, Set<string>>();
  for (const [messageGroupUuid, markers] of markersByGroup) {
    for (const [ownerUuid, { is_pinned }] of markers) {
      if (is_pinned) flagged.set(ownerUuid, (flagged.get(ownerUuid) ?? new Set()).add(messageGroupUuid));
    }
  }
  return [...new Set([...pins.keys(), ...flagged.keys()])].flatMap((ownerUuid): Breach[] => {
    const [pinned, shown] = [pins.get(ownerUuid) ?? new Set(), flagged.get(ownerUuid) ?? new Set()];
    if (pinned.size <= PINS_MAX && pinned.size === shown.size && [...pinned].every((uuid) => shown.has(uuid)))
      return [];
    const detail = `${ownerUuid} pinned ${pinned.size}, ${shown.size} shown`;
    return [{ kind: 'pins_wrong', messageGroupUuid: '', detail, ownerUuid }];
  });
}

/** Markers that would hide messages that are still to come. */
function findClearedAhead({ markers: markersByGroup }: ReachScan, groups: ReadonlyMap<string, GroupSummary>): Breach[] {
  return [...markersByGroup].flatMap(([messageGroupUuid, markers]) => {
    const newest = groups.get(messageGroupUuid)?.newest?.at ?? Number.POSITIVE_INFINITY;
    return [...markers].flatMap(([ownerUuid, { cleared_through: cleared = '' }]): Breach[] => {
      if ((parseTime(cleared) ?? 0) <= newest) return [];
      return [{ kind: 'cleared_ahead', messageGroupUuid, detail: `marker of ${ownerUuid}`, ownerUuid }];
    });
  });
}
