import { removeDevice } from '../../devices/remove-device.ts';
import { pairGroups } from '../../members/pair.ts';
import type { WithPeople } from '../../members/person.ts';
import { eraseVersions } from '../../messages/message-version.ts';
import { createClock } from '../../table/clock.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { EPOCH } from '../../table/time.ts';
import { scanItems } from '../scan-items.ts';
import { findMiscounts, type UnreadRowKey } from './check-counts.ts';
import { type Breach, findGroupBreaches, findPairBreaches } from './find-breaches.ts';
import { findDeviceBreaches } from './find-device-breaches.ts';
import { findReachBreaches } from './find-reach-breaches.ts';
import { readGroup } from './read-group.ts';
import { repairGroup } from './repair-group.ts';
import { repairCleared, repairPins } from './repair-markers.ts';
import { repairPairReach } from './repair-reach.ts';
import { collectGroups, type TableScan } from './scan-groups.ts';
import type { ReachScan } from './scan-reach.ts';

interface VerifyOptions {
  repair?: boolean;
  /** Finds names that the table lacks; from Postgres. */
  findPerson?: WithPeople['findPerson'] | undefined;
  onProgress?: (items: number) => void;
  /** Only this group, at the cost of its thread; without what only the whole table shows, such as blocks, pins and pairs. */
  messageGroupUuid?: string | undefined;
}

export interface VerifyReport {
  items: number;
  groups: number;
  /** `repaired` describes the repair, if there was one. */
  breaches: (Breach & { repaired?: string })[];
  /** Users whose groups, written by the origin, received pair items by this repair. */
  paired: number;
}

/**
 * Reads a whole table, or one group of it, and reports every breach of the guarantees. A concurrent move can look like a breach, so a breach
 * is reported only if a second scan finds it again.
 */
export async function verifyTable(table: TableRef, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { messageGroupUuid } = options;
  const read = () =>
    messageGroupUuid ? readGroup(table, messageGroupUuid) : scanItems(table, { ConsistentRead: true });
  const findShared = (scan: TableScan) => (messageGroupUuid ? [] : findSharedBreaches(scan));
  const first = await collectGroups(read(), options.onProgress);
  const suspects = [...first.groups].filter(([uuid, group]) => findGroupBreaches(uuid, group).length > 0);
  const sharedSuspects = new Set(findShared(first).map((each) => JSON.stringify(each)));
  const scan = suspects.length + sharedSuspects.size > 0 ? await collectGroups(read()) : first;
  const groupBreaches = suspects.flatMap(([uuid]) => {
    const group = scan.groups.get(uuid);
    return group ? findGroupBreaches(uuid, group) : [];
  });
  const sharedBreaches = findShared(scan).filter((breach) => sharedSuspects.has(JSON.stringify(breach)));
  const miscounts = await findMiscounts(table, unreadRows(first));
  const breaches: VerifyReport['breaches'] = [
    ...scan.breaches,
    ...groupBreaches,
    ...miscounts,
    ...findPairBreaches(scan.groups),
    ...sharedBreaches,
  ];
  const unpaired = options.repair ? [...scan.paired].filter(([, isPaired]) => !isPaired) : [];
  if (options.repair) await repairBreaches(table, breaches, options);
  for (const [userUuid] of unpaired) await pairGroups(table, userUuid);
  if (options.repair) await repairReach(table, scan.reach, breaches, options);
  return { items: scan.items, groups: scan.groups.size, breaches, paired: unpaired.length };
}

/** What items of several partitions do not agree on. */
const findSharedBreaches = ({ reach, devices, groups }: TableScan) => [
  ...findReachBreaches(reach, groups),
  ...findDeviceBreaches(devices),
];

/** The rows that are newer than their markers, and counted on the row or the marker. */
function unreadRows({ groups, markers }: TableScan): UnreadRowKey[] {
  return [...groups].flatMap(([messageGroupUuid, { rows }]) =>
    rows
      .filter(({ ownerUuid, at, row }) => {
        const marker = markers.get(`${ownerUuid} ${messageGroupUuid}`);
        return (row.unread !== undefined || marker?.isCounted) && at > (marker?.at ?? EPOCH);
      })
      .map(({ ownerUuid, row }) => ({ ownerUuid, messageGroupUuid, sk: row.sk })),
  );
}

async function repairBreaches(
  table: TableRef,
  breaches: VerifyReport['breaches'],
  { findPerson = async () => undefined }: VerifyOptions,
): Promise<void> {
  const repairable = breaches.filter(({ kind }) =>
    /^row_(doubled|stale|missing)$|^unread_miscounted$|^message_without_group$/.test(kind),
  );
  for (const uuid of new Set(repairable.map(({ messageGroupUuid }) => messageGroupUuid))) {
    const repaired = await repairGroup({ ...table, findPerson }, uuid);
    for (const breach of repairable) if (breach.messageGroupUuid === uuid) breach.repaired = repaired;
  }
  for (const breach of breaches) {
    const { messageGroupUuid, messageUuid, ownerUuid, deviceUuid } = breach;
    if (messageUuid !== undefined) {
      await eraseVersions(table, messageGroupUuid, messageUuid);
      breach.repaired = 'earlier versions erased';
    }
    if (ownerUuid !== undefined && deviceUuid !== undefined) {
      await removeDevice(table, ownerUuid, deviceUuid);
      // Its page registers it again when it is opened.
      breach.repaired = 'device removed';
    }
  }
}

/** After all groups have pair items: a gate of the origin's group needs one. */
async function repairReach(
  table: TableRef,
  { requests }: ReachScan,
  breaches: VerifyReport['breaches'],
  { findPerson = async () => undefined }: VerifyOptions,
): Promise<void> {
  const store = { ...table, findPerson, clock: createClock() };
  const done = new Map<string, string | undefined>();
  for (const breach of breaches) {
    const { kind, messageGroupUuid, people, ownerUuid = '' } = breach;
    const what = `${people?.join() ?? kind} ${ownerUuid} ${messageGroupUuid}`;
    if (people && !done.has(what)) {
      const found = requests.get(messageGroupUuid) ?? [];
      done.set(what, await repairPairReach(store, people, found));
    }
    if (kind === 'pins_wrong') done.set(what, await repairPins(table, ownerUuid));
    if (kind === 'cleared_ahead') done.set(what, await repairCleared(table, ownerUuid, messageGroupUuid));
    if (done.has(what)) breach.repaired = done.get(what);
  }
}
