import { pairGroups } from '../../members/pair.ts';
import type { WithPeople } from '../../members/person.ts';
import { eraseVersions } from '../../messages/message-version.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { EPOCH } from '../../table/time.ts';
import { findMiscounts, type UnreadRowKey } from './check-counts.ts';
import { type Breach, findGroupBreaches, findPairBreaches } from './find-breaches.ts';
import { repairGroup } from './repair-group.ts';
import { scanGroups, type TableScan } from './scan-groups.ts';

interface VerifyOptions {
  repair?: boolean;
  /** Finds names that the table lacks; from Postgres. */
  findPerson?: WithPeople['findPerson'] | undefined;
  onProgress?: (items: number) => void;
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
 * Reads a whole table and reports every breach of the guarantees. A concurrent move can look like a breach, so a breach
 * is reported only if a second scan finds it again.
 */
export async function verifyTable(table: TableRef, options: VerifyOptions = {}): Promise<VerifyReport> {
  const first = await scanGroups(table, options.onProgress);
  const suspects = [...first.groups].filter(([uuid, group]) => findGroupBreaches(uuid, group).length > 0);
  const scan = suspects.length > 0 ? await scanGroups(table) : first;
  const groupBreaches = suspects.flatMap(([uuid]) => {
    const group = scan.groups.get(uuid);
    return group ? findGroupBreaches(uuid, group) : [];
  });
  const miscounts = await findMiscounts(table, unreadRows(first));
  const breaches: VerifyReport['breaches'] = [
    ...scan.breaches,
    ...groupBreaches,
    ...miscounts,
    ...findPairBreaches(scan.groups),
  ];
  const unpaired = options.repair ? [...scan.paired].filter(([, isPaired]) => !isPaired) : [];
  if (options.repair) await repairBreaches(table, breaches, options);
  for (const [userUuid] of unpaired) await pairGroups(table, userUuid);
  return { items: scan.items, groups: scan.groups.size, breaches, paired: unpaired.length };
}

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
    if (breach.messageUuid === undefined) continue;
    await eraseVersions(table, breach.messageGroupUuid, breach.messageUuid);
    breach.repaired = 'earlier versions erased';
  }
}
