/** How a table breaks a promise of the system. */
export type BreachKind =
  /** A row whose group has no message. */
  | 'row_orphan'
  /** A member has several rows of one group. */
  | 'row_doubled'
  /** A row is older than its group's newest message, or shows another text. */
  | 'row_stale'
  /** A member has no row of a group that has messages. */
  | 'row_missing'
  /** A row that lacks an attribute, or whose time is none. */
  | 'row_malformed'
  /** Messages of a group that has neither rows nor members. */
  | 'message_without_group'
  /** One uuid, several messages of a group. */
  | 'message_doubled'
  /** A message that lacks an attribute, or whose time is none. */
  | 'message_malformed'
  /** Two people with several groups: the newest is the pair's own, the others stay readable. */
  | 'pair_doubled';

/** One breach, and where it is. */
export interface Breach {
  kind: BreachKind;
  messageGroupUuid: string;
  /** Which rows, people or messages, in words. */
  detail: string;
}
