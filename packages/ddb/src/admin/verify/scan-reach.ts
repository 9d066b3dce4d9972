import * as z from 'zod/mini';
import { type ReadMarkerItem, readMarkerSchema } from '../../members/read-marker.ts';
import { type Gate, gateSchema } from '../../reach/gate.ts';
import { blockSchema } from '../../reach/list-blocked.ts';
import { requestItemSchema } from '../../reach/request-writes.ts';
import { suspensionSchema } from '../../reach/suspension.ts';
import {
  blockerOf,
  type Key,
  keys,
  PINS,
  peopleOfPair,
  readMarkerOwnerOf,
  requestRecipientOf,
} from '../../table/keys.ts';
import type { Item } from '../../table/parse-items.ts';
import { parseTime } from '../../table/time.ts';
import type { Breach } from './find-breaches.ts';

/** The items that decide who can reach whom, and those that show it to people. */
export interface ReachScan {
  /** By the partition of the pair. `undefined`: it is malformed, and its pair is not checked. */
  gates: Map<string, Gate | undefined>;
  /** The group of each two people who have one, by their partition. */
  groupOfPair: Map<string, string>;
  /** Who blocks, by the partition of the pair. */
  blocks: Map<string, Set<string>>;
  suspended: Set<string>;
  /** Requests that are not answered, by group. */
  requests: Map<string, Key[]>;
  /** Markers with more than what was read, by group, then owner. */
  markers: Map<string, Map<string, ReadMarkerItem>>;
  /** The groups that a person pinned, by person. */
  pins: Map<string, ReadonlySet<string>>;
}

export const emptyReach = (): ReachScan => ({
  gates: new Map(),
  groupOfPair: new Map(),
  blocks: new Map(),
  suspended: new Set(),
  requests: new Map(),
  markers: new Map(),
  pins: new Map(),
});

/** The attributes that breaches are about. */
const CHECKED = [
  'is_pinned',
  'is_marked_unread',
  'cleared_through',
  'request',
  'awaits_acceptance',
  'blocked_by',
] as const;

/**
 * Adds an item, if it is one of these.
 *
 * @returns a breach, if it is malformed
 */
export function addReachItem(reach: ReachScan, item: Item): Breach | undefined {
  const [pk, sk] = [String(item.pk), String(item.sk)];
  const isRead = readReachItem(reach, pk, sk, item);
  return isRead ? undefined : { kind: 'reach_malformed', messageGroupUuid: '', detail: `${pk} ${sk}` };
}

/** @returns false if the item is malformed */
function readReachItem(reach: ReachScan, pk: string, sk: string, item: Item): boolean {
  const people = peopleOfPair(pk);
  if (people && sk === 'GATE') return addGate(reach, people, pk, item);
  if (people) return Boolean(reach.groupOfPair.set(pk, String(item.group_uuid)));
  const blocker = blockerOf(pk);
  if (blocker !== undefined) {
    const pair = keys.pair(blocker, sk).pk;
    reach.blocks.set(pair, (reach.blocks.get(pair) ?? new Set()).add(blocker));
    return z.safeParse(blockSchema, item).success && item.user_uuid === sk;
  }
  if (requestRecipientOf(pk) !== undefined) {
    const [at = '', group = ''] = sk.split('#');
    reach.requests.set(group, [...(reach.requests.get(group) ?? []), { pk, sk }]);
    return z.safeParse(requestItemSchema, item).data?.group_uuid === group && parseTime(at) !== undefined;
  }
  if (sk === 'SUSPENDED') {
    reach.suspended.add(pk.slice('USER#'.length));
    return z.safeParse(suspensionSchema, item).success;
  }
  const owner = readMarkerOwnerOf(pk);
  return owner === undefined || addMarker(reach, owner, sk, item);
}

function addGate(reach: ReachScan, people: [string, string], pk: string, item: Item): boolean {
  const { data: gate } = z.safeParse(gateSchema, item);
  const named = [...(gate?.blocked_by ?? []), ...(gate?.suspended ?? []), ...(gate?.request ? [gate.request.to] : [])];
  const hasTime = !gate?.request || parseTime(gate.request.at) !== undefined;
  const isValid = gate !== undefined && hasTime && named.every((uuid) => people.includes(uuid));
  reach.gates.set(pk, isValid ? gate : undefined);
  return isValid;
}

function addMarker(reach: ReachScan, owner: string, sk: string, item: Item): boolean {
  const { data: marker } = z.safeParse(readMarkerSchema, item);
  if (sk === PINS) reach.pins.set(owner, marker?.pinned ?? new Set());
  else if (marker && CHECKED.some((attribute) => marker[attribute] !== undefined)) {
    const ofGroup = reach.markers.get(sk) ?? new Map();
    reach.markers.set(sk, ofGroup.set(owner, marker));
  }
  return marker !== undefined;
}
