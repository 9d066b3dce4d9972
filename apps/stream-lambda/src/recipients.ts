import {
  findMemberUuids,
  findNewestMessage,
  type MemberUuids,
  type SearchableMessage,
  type TableRef,
  withRecipient,
} from '@cruddur/ddb';
import { LRUCache } from 'lru-cache';
import type { Reported, UnaddressedMessage } from './indexed-records.ts';
import type { Failure, Malformed } from './report-batch.ts';

/** Groups whose members are remembered; they never change. About 250 bytes each, so at most 5 MB. */
const GROUPS_MAX = 20_000;

interface Addressed {
  /** In the order of the batch. */
  addressed: Reported<SearchableMessage>[];
  failures: Failure[];
  malformed: Malformed[];
}

/**
 * Creates a function that adds the recipients to a batch's messages. Messages of a group whose members cannot be read fail; those of
 * a group that was removed are left out.
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
    const result: Addressed = { addressed: [], failures: [], malformed: [] };
    const firsts = new Map(messages.toReversed().map(({ item, index }) => [item.messageGroupUuid, index]));
    const fail = (messageGroupUuid: string, error: unknown) =>
      result.failures.push({ index: firsts.get(messageGroupUuid) ?? 0, error, messageGroupUuid });
    const uuids = [...firsts.keys()];
    try {
      for (const uuid of await readMembers(uuids)) {
        // The rows of a group that the origin wrote may not be in the index yet; an operator may have removed the group.
        const isRemoved = (await findNewestMessage(table, uuid)) === undefined;
        if (!isRemoved) fail(uuid, new Error('the group has no members'));
      }
    } catch (error) {
      for (const uuid of uuids) if (!known.has(uuid)) fail(uuid, error);
    }
    for (const { item, record, index } of messages) {
      const members = known.get(item.messageGroupUuid);
      if (!members) continue;
      try {
        result.addressed.push({ item: withRecipient(item, members), record, index });
      } catch (error) {
        result.malformed.push({ record, error });
      }
    }
    return result;
  };
}
