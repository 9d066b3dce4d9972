import type { Breach } from './breach.ts';
import type { GroupSummary } from './scan-groups.ts';

// A row that gives way to another group's of the same microsecond stands a little after its message.
const ROW_GIVES_WAY_MICROS = 1000;

/** Says what one group's rows and messages break. Pure: what is read is the caller's. */
export function judgeGroup(messageGroupUuid: string, group: GroupSummary): Breach[] {
  const { newest, rows, messages, hasMembers } = group;
  const breach = (kind: Breach['kind'], detail: string): Breach => ({ kind, messageGroupUuid, detail });
  if (messages === 0) return rows.map(({ ownerUuid }) => breach('row_orphan', `row of ${ownerUuid}`));
  if (rows.length === 0) {
    return hasMembers
      ? [breach('row_missing', 'rows of both members')]
      : [breach('message_without_group', `${messages} messages`)];
  }
  const found: Breach[] = [];
  const owners = new Map(rows.map((row) => [row.ownerUuid, rows.filter((each) => each.ownerUuid === row.ownerUuid)]));
  for (const [ownerUuid, own] of owners) {
    if (own.length > 1) found.push(breach('row_doubled', `${own.length} rows of ${ownerUuid}`));
    const [row] = own.sort((a, b) => b.at - a.at);
    if (row && newest && isStale(row, newest)) found.push(breach('row_stale', `row of ${ownerUuid}`));
  }
  for (const { otherUuid } of rows) {
    if (!owners.has(otherUuid)) {
      owners.set(otherUuid, []);
      found.push(breach('row_missing', `row of ${otherUuid}`));
    }
  }
  return found;
}

function isStale(row: { at: number; message: string }, newest: { at: number; message: string }): boolean {
  if (row.at < newest.at) return true;
  return row.at <= newest.at + ROW_GIVES_WAY_MICROS && row.message !== newest.message;
}

/** Finds the pairs of people who have several groups. */
export function judgePairs(groups: ReadonlyMap<string, GroupSummary>): Breach[] {
  const groupsOfPair = new Map<string, Set<string>>();
  for (const [uuid, { rows }] of groups) {
    for (const { ownerUuid, otherUuid } of rows) {
      const pair = [ownerUuid, otherUuid].sort().join(' and ');
      groupsOfPair.set(pair, (groupsOfPair.get(pair) ?? new Set()).add(uuid));
    }
  }
  return [...groupsOfPair].flatMap(([pair, uuids]) => {
    const [messageGroupUuid = ''] = uuids;
    return uuids.size > 1
      ? [{ kind: 'pair_doubled', messageGroupUuid, detail: `${uuids.size} groups of ${pair}` }]
      : [];
  });
}
