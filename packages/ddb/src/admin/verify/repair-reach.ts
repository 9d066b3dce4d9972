import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { getMembers } from '../../members/members.ts';
import { pairSchema } from '../../members/pair.ts';
import { namedIn, type WithPeople } from '../../members/person.ts';
import { readMarkerSchema, updateReadMarker } from '../../members/read-marker.ts';
import { type Gate, gateSchema } from '../../reach/gate.ts';
import { batchGet } from '../../table/batch.ts';
import type { WithClock } from '../../table/clock.ts';
import { isAsRead, setOrRemove } from '../../table/expressions.ts';
import { type Key, keys } from '../../table/keys.ts';
import { getItem } from '../../table/query-items.ts';
import { retryOnConflict } from '../../table/retry.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { formatTime } from '../../table/time.ts';
import { type TransactionItems, writeAsRead } from '../../table/transaction.ts';
import { copiesOfGate, hasCopiesOfGate, type PairReach, requestOfGate } from './find-reach-breaches.ts';

type Pair = readonly [string, string];

const keySchema = z.object({ pk: z.string(), sk: z.string() });

/**
 * Repairs what repeats the gate of two people, in one transaction that requires the gate to be as it was read: markers and request
 * follow the gate, and the gate follows suspensions. A block that only one of gate and list has is kept, in both.
 *
 * @param requests - the requests in their group that were found: answered ones are removed
 * @returns what was done; undefined if the names of a blocked person are unknown
 */
export async function repairPairReach(
  table: TableRef & WithPeople & WithClock,
  people: Pair,
  requests: readonly Key[],
): Promise<string | undefined> {
  return retryOnConflict(async () => {
    const pair = { ...(await readPairReach(table, people)), requests };
    const blockers = new Set([...(pair.gate?.blocked_by ?? []), ...pair.blockers]);
    const unlisted = people.filter((uuid) => blockers.has(uuid) && !pair.blockers.has(uuid));
    const blocks = await Promise.all(unlisted.map((uuid) => blockItem(table, pair, uuid)));
    if (blocks.includes(undefined)) return undefined;
    const sets = { blocked_by: setOrNone(blockers), suspended: setOrNone(pair.suspended) };
    const gate = { ...keys.gate(...people), ...pair.gate, ...sets };
    await writeAsRead(table, [
      writeGate(table, pair, sets),
      ...suspensionChecks(table, pair),
      ...blocks.map((Item) => ({ Put: { TableName: table.tableName, Item } })),
      ...markerUpdates(table, { ...pair, gate }),
      ...requestWrites(table, pair),
    ]);
    return 'gate, blocks, request and markers made to agree';
  }, table);
}

/** DynamoDB has no empty sets. */
const setOrNone = (set: ReadonlySet<string>) => (set.size > 0 ? set : undefined);

async function readPairReach(table: TableRef, people: Pair): Promise<PairReach> {
  const [one, other] = people;
  const [gate, pair, found] = await Promise.all([
    getItem(table, gateSchema, keys.gate(one, other)),
    getItem(table, pairSchema, keys.pair(one, other)),
    batchGet(table, keySchema, [
      keys.block(one, other),
      keys.block(other, one),
      keys.suspension(one),
      keys.suspension(other),
    ]),
  ]);
  const messageGroupUuid = pair?.group_uuid;
  const exists = (key: Key) => found.some((each) => isDeepStrictEqual(each, key));
  const isSuspended = (uuid: string) =>
    exists(keys.suspension(uuid)) && (messageGroupUuid !== undefined || (gate?.suspended?.has(uuid) ?? false));
  const markers = messageGroupUuid
    ? await batchGet(
        table,
        readMarkerSchema,
        people.map((uuid) => keys.readMarker(uuid, messageGroupUuid)),
      )
    : [];
  return {
    people,
    gate,
    blockers: new Set(people.filter((uuid) => exists(keys.block(uuid, otherOf(people, uuid))))),
    suspended: new Set(people.filter(isSuspended)),
    messageGroupUuid,
    requests: [],
    markers: new Map(
      people.flatMap((uuid) => markers.filter(({ pk }) => pk === keys.readMarkers(uuid)).map((each) => [uuid, each])),
    ),
  };
}

const otherOf = ([one, other]: Pair, userUuid: string) => (userUuid === one ? other : one);

/** The item by which a person lists the other as blocked, unless the other's names are unknown. */
async function blockItem(
  table: TableRef & WithPeople & WithClock,
  { people, messageGroupUuid }: PairReach,
  userUuid: string,
) {
  const otherUuid = otherOf(people, userUuid);
  const members = messageGroupUuid === undefined ? undefined : await getMembers(table, messageGroupUuid);
  const other = members?.find(({ uuid }) => uuid === otherUuid) ?? (await table.findPerson(otherUuid));
  return other && { ...keys.block(userUuid, otherUuid), ...namedIn(other), blocked_at: formatTime(table.clock()) };
}

/** Writes the gate's sets, or only checks that the gate is as it was read. */
function writeGate(table: TableRef, { people, gate }: PairReach, sets: Partial<Gate>): TransactionItems[number] {
  const { blocked_by, suspended } = gate ?? {};
  const asRead = isAsRead<Partial<Gate>>(gate ?? {}, ['blocked_by', 'suspended', 'request']);
  const condition = { TableName: table.tableName, Key: { ...keys.gate(...people) }, ...asRead };
  if (isDeepStrictEqual({ blocked_by, suspended }, sets)) return { ConditionCheck: condition };
  const { UpdateExpression, ExpressionAttributeValues } = setOrRemove(sets);
  const values = { ...asRead.ExpressionAttributeValues, ...ExpressionAttributeValues };
  return { Update: { ...condition, UpdateExpression, ExpressionAttributeValues: values } };
}

/** No suspension begins or ends meanwhile that the gate would not have. */
function suspensionChecks(table: TableRef, { people, gate, suspended }: PairReach): TransactionItems {
  const isChanged = (uuid: string) => (gate?.suspended?.has(uuid) ?? false) !== suspended.has(uuid);
  return people.filter(isChanged).map((uuid) => ({
    ConditionCheck: {
      TableName: table.tableName,
      Key: { ...keys.suspension(uuid) },
      ConditionExpression: suspended.has(uuid) ? 'attribute_exists(pk)' : 'attribute_not_exists(pk)',
    },
  }));
}

function markerUpdates(table: TableRef, pair: PairReach): TransactionItems {
  const { people, messageGroupUuid } = pair;
  if (messageGroupUuid === undefined) return [];
  return people
    .filter((uuid) => !hasCopiesOfGate(pair, uuid))
    .map((userUuid) => updateReadMarker(table, { messageGroupUuid, userUuid }, copiesOfGate(pair, userUuid)));
}

function requestWrites({ tableName: TableName }: TableRef, pair: PairReach): TransactionItems {
  const request = requestOfGate(pair);
  const unwanted = pair.requests.filter((each) => !isDeepStrictEqual(each, request));
  return [
    ...(request ? [{ Put: { TableName, Item: { ...request, group_uuid: pair.messageGroupUuid } } }] : []),
    ...unwanted.map((key) => ({ Delete: { TableName, Key: { ...key } } })),
  ];
}
