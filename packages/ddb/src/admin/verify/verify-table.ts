import { pairGroups } from '../../members/pair.ts';
import type { WithPeople } from '../../members/person.ts';
import type { TableRef } from '../../table/table-ref.ts';
import type { Breach } from './breach.ts';
import { judgeGroup, judgePairs } from './judge-groups.ts';
import { repairGroup } from './repair-group.ts';
import { scanGroups } from './scan-groups.ts';

export interface VerifyOptions {
  /** Mend what can be mended. */
  repair?: boolean;
  /** Names of people whom the table itself does not name; from Postgres. */
  findPerson?: WithPeople['findPerson'];
  /** Told of the items read so far. */
  onProgress?: (items: number) => void;
}

/** What a check of a table found, and what a repair did about it. */
export interface VerifyReport {
  items: number;
  groups: number;
  /** Each with what mended it; `undefined` where nothing did, or none was asked for. */
  breaches: (Breach & { repaired?: string })[];
  /** People whose groups, written by the origin, got their pair items by this repair. */
  paired: number;
}

/**
 * Reads a whole table and reports every breach of the promises. On a table that is written to meanwhile, a move under
 * way may look like a breach: each one is looked at again before it is reported.
 */
export async function verifyTable(table: TableRef, options: VerifyOptions = {}): Promise<VerifyReport> {
  const first = await scanGroups(table, options.onProgress);
  const suspects = [...first.groups].filter(([uuid, group]) => judgeGroup(uuid, group).length > 0);
  // A second look only where the first found something; what both see is a breach.
  const summary = suspects.length > 0 ? await scanGroups(table) : first;
  const groupBreaches = suspects.flatMap(([uuid]) => {
    const again = summary.groups.get(uuid);
    return again ? judgeGroup(uuid, again) : [];
  });
  const breaches: VerifyReport['breaches'] = [...summary.breaches, ...groupBreaches, ...judgePairs(summary.groups)];
  let paired = 0;
  if (options.repair) {
    await repairBreaches(table, breaches, options);
    for (const [userUuid, isPaired] of summary.owners) {
      if (isPaired) continue;
      await pairGroups(table, userUuid);
      paired++;
    }
  }
  return { items: summary.items, groups: summary.groups.size, breaches, paired };
}

async function repairBreaches(
  table: TableRef,
  breaches: VerifyReport['breaches'],
  options: VerifyOptions,
): Promise<void> {
  const findPerson = options.findPerson ?? (() => Promise.resolve(undefined));
  const repairable = breaches.filter(({ kind }) => /^row_(doubled|stale|missing)$|^message_without_group$/.test(kind));
  for (const uuid of new Set(repairable.map(({ messageGroupUuid }) => messageGroupUuid))) {
    const repaired = await repairGroup({ ...table, findPerson }, uuid);
    if (repaired === undefined) continue;
    for (const breach of repairable.filter(({ messageGroupUuid }) => messageGroupUuid === uuid)) {
      breach.repaired = repaired;
    }
  }
}
