import type { IndexedMessage } from '@cruddur/config';
import { findMemberUuids, findNewestMessage, type MemberUuids, type TableRef, withRecipient } from '@cruddur/ddb';
import { LRUCache } from 'lru-cache';
import type { Reported, UnaddressedMessage } from './indexed-records.ts';
import { isRecent, type NonRetryable } from './park/park-records.ts';
import type { Failure } from './report-batch.ts';

/** Groups whose members are remembered; they never change. About 250 bytes each, so at most 5 MB. */
const GROUPS_MAX = 20_000;

interface Addressed {
  /** In the order of the batch. */
  addressed: Reported<IndexedMessage>[];
  failures: Failure[];
  nonRetryable: NonRetryable[];
}

/**
 * Creates a function that adds the recipients to a batch's messages. Messages of a group whose members cannot be read fail, those of
 * a group that stays without members are not retryable, and those of a group that was removed are left out.
 */
export function createRecipients(table: TableRef) {
  const known = new LRUCache<string, MemberUuids>({ max: GROUPS_MAX });

  /** Reads members that are not known. Returns the groups that have none. */
  async function readMembers(messageGroupUuids: string[]): Promise<string[]> {
    const unknown = messageGroupUuids.filter((uuid) => !known.has(uuid));
    if (unknown.length === 0) return [];
    for (const [uuid, members] of await findMemberUuids(table, unknown)) known.set(uuid, members);
    return unknown.filter((uuid) => !known.has(uuid));
  }

  return async (messages: readonly Reported<UnaddressedMessage>[]): Promise<Addressed> => {
    const result: Addressed = { addressed: [], failures: [], nonRetryable: [] };
    const firsts = new Map(messages.toReversed().map((each) => [each.item.messageGroupUuid, each]));
    const orphaned = new Set<string>();
    const fail = (messageGroupUuid: string, { index }: Pick<Reported<unknown>, 'index'>, error: unknown) =>
      result.failures.push({ index, error, messageGroupUuid });
    try {
      for (const uuid of await readMembers([...firsts.keys()])) {
        const first = firsts.get(uuid);
        // An operator may have removed the group.
        if (!first || (await findNewestMessage(table, uuid)) === undefined) continue;
        if (isRecent(first.record)) fail(uuid, first, new Error('the group has no members'));
        else orphaned.add(uuid);
      }
    } catch (error) {
      for (const [uuid, first] of firsts) if (!known.has(uuid)) fail(uuid, first, error);
    }
    for (const { item, record, index } of messages) {
      const members = known.get(item.messageGroupUuid);
      if (!members && !orphaned.has(item.messageGroupUuid)) continue;
      try {
        result.addressed.push({ item: withRecipient(item, members), record, index });
      } catch (error) {
        result.nonRetryable.push({ record, index, error });
      }
    }
    return result;
  };
}
