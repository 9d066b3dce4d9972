import { DISPLACED_MAX_MICROS, type MessageGroupRow, shows } from '../../members/message-group-row.ts';
import type { NewestMessage } from '../../message-groups/move/plan.ts';
import type { Micros } from '../../table/time.ts';

/** How a table breaks a guarantee of the system. */
export type BreachKind =
  /** A row whose group has no messages. */
  | 'row_orphan'
  /** Several rows of one member and group. */
  | 'row_doubled'
  /** A row that is older than its group's newest message, or does not show it as it is. */
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
  /** Earlier versions of a message that was deleted or does not exist. */
  | 'version_orphan'
  /** Two people with several groups. The newest is theirs, the others stay readable. */
  | 'pair_doubled'
  /** A block that only one of the pair's gate and the person's list of blocked people has. */
  | 'block_wrong'
  /** A gate that does not show who of the two is suspended. */
  | 'suspension_wrong'
  /** A request that is listed although it was answered, or not listed although it was not answered. */
  | 'request_wrong'
  /** A marker whose copies of the gate (who blocks, what became of a request) are not what the gate says. */
  | 'gate_copy_wrong'
  /** Markers that do not show what the person pinned, or more than five pins. */
  | 'pins_wrong'
  /** A marker that clears messages which do not exist yet. */
  | 'cleared_ahead'
  /** A device that cannot be read, or of which its owner and its endpoint do not agree. */
  | 'device_wrong'
  /** A gate, block, request, suspension or marker with missing or invalid attributes. */
  | 'reach_malformed';

export interface Breach {
  kind: BreachKind;
  messageGroupUuid: string;
  /** Which rows, people or messages. */
  detail: string;
  /** Only of a `version_orphan`. */
  messageUuid?: string;
  /** Only of a breach between two people. */
  people?: readonly [string, string];
  /** Only of `pins_wrong`, `cleared_ahead` and `device_wrong`. */
  ownerUuid?: string;
  /** Only of `device_wrong`. */
  deviceUuid?: string;
}

export interface GroupSummary {
  messages: number;
  newest: NewestMessage | undefined;
  rows: { row: MessageGroupRow; ownerUuid: string; at: Micros }[];
  hasMembers: boolean;
  /** The messages that were edited and not deleted. */
  edited: Set<string>;
  /** The messages of which there are earlier versions. */
  versions: Set<string>;
  /** Whether a message cannot be read: it may have been edited. */
  hasMalformed: boolean;
}

/** Finds the breaches in one group's rows and messages. */
export function findGroupBreaches(messageGroupUuid: string, group: GroupSummary): Breach[] {
  const breach = (kind: BreachKind, detail: string): Breach => ({ kind, messageGroupUuid, detail });
  const orphans = [...group.versions].filter((uuid) => !group.edited.has(uuid) && !group.hasMalformed);
  return [
    ...findRowBreaches(group, breach),
    ...orphans.map((messageUuid) => ({ ...breach('version_orphan', `message ${messageUuid}`), messageUuid })),
  ];
}

function findRowBreaches(group: GroupSummary, breach: (kind: BreachKind, detail: string) => Breach): Breach[] {
  const { newest, rows, messages, hasMembers } = group;
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
  const others = new Set(rows.map(({ row }) => row.user_uuid));
  for (const uuid of others) if (!owners.has(uuid)) breaches.push(breach('row_missing', `row of ${uuid}`));
  return breaches;
}

/** A reaction raises the version of a message and not that of its rows. */
function isStale({ row, at }: GroupSummary['rows'][number], newest: NewestMessage): boolean {
  if (at < newest.at) return true;
  const isAhead = (row.message_version ?? 0) > (newest.version ?? 0);
  return at <= newest.at + DISPLACED_MAX_MICROS && (isAhead || !shows(row, { ...newest, version: 0 }));
}

/** Finds the pairs of people who have several groups. */
export function findPairBreaches(groups: ReadonlyMap<string, GroupSummary>): Breach[] {
  const groupsOfPair = new Map<string, Set<string>>();
  for (const [uuid, { rows }] of groups) {
    for (const { ownerUuid, row } of rows) {
      const pair = [ownerUuid, row.user_uuid].sort().join(' and ');
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
