import type { Micros } from '../../table/time.ts';

/** How a table breaks a guarantee of the system. */
export type BreachKind =
  /** A row whose group has no messages. */
  | 'row_orphan'
  /** Several rows of one member and group. */
  | 'row_doubled'
  /** A row that is older than its group's newest message, or has another text. */
  | 'row_stale'
  /** A member without a row, although the group has messages. */
  | 'row_missing'
  /** A count of unread messages, on a row or a read marker, that is not the thread's. */
  | 'unread_miscounted'
  /** A row with missing attributes or an invalid time. */
  | 'row_malformed'
  /** Messages of a group without rows and members. */
  | 'message_without_group'
  /** Several messages of a group with one uuid. */
  | 'message_doubled'
  /** A message with missing attributes or an invalid time. */
  | 'message_malformed'
  /** Two people with several groups. The newest is theirs, the others stay readable. */
  | 'pair_doubled';

export interface Breach {
  kind: BreachKind;
  messageGroupUuid: string;
  /** Which rows, people or messages. */
  detail: string;
}

export interface GroupSummary {
  messages: number;
  newest: { at: Micros; message: string } | undefined;
  rows: { ownerUuid: string; otherUuid: string; sk: string; at: Micros; message: string; isCounted: boolean }[];
  hasMembers: boolean;
}

/** A row that another group's row displaced is slightly later than its message. */
const DISPLACED_MAX_MICROS = 1000;

/** Finds the breaches in one group's rows and messages. */
export function findGroupBreaches(messageGroupUuid: string, group: GroupSummary): Breach[] {
  const { newest, rows, messages, hasMembers } = group;
  const breach = (kind: BreachKind, detail: string): Breach => ({ kind, messageGroupUuid, detail });
  if (messages === 0) return rows.map(({ ownerUuid }) => breach('row_orphan', `row of ${ownerUuid}`));
  if (rows.length === 0 && hasMembers) return [breach('row_missing', 'rows of both members')];
  if (rows.length === 0) return [breach('message_without_group', `${messages} messages`)];
  const breaches: Breach[] = [];
  const owners = new Set(rows.map(({ ownerUuid }) => ownerUuid));
  for (const ownerUuid of owners) {
    const own = rows.filter((row) => row.ownerUuid === ownerUuid).sort((a, b) => b.at - a.at);
    if (own.length > 1) breaches.push(breach('row_doubled', `${own.length} rows of ${ownerUuid}`));
    if (own[0] && newest && isStale(own[0], newest)) breaches.push(breach('row_stale', `row of ${ownerUuid}`));
  }
  const others = new Set(rows.map(({ otherUuid }) => otherUuid));
  for (const uuid of others) if (!owners.has(uuid)) breaches.push(breach('row_missing', `row of ${uuid}`));
  return breaches;
}

function isStale(row: { at: number; message: string }, newest: { at: number; message: string }): boolean {
  if (row.at < newest.at) return true;
  return row.at <= newest.at + DISPLACED_MAX_MICROS && row.message !== newest.message;
}

/** Finds the pairs of people who have several groups. */
export function findPairBreaches(groups: ReadonlyMap<string, GroupSummary>): Breach[] {
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
