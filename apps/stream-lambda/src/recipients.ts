import type { IndexedMessage } from '@cruddur/db';
import { findMembers, findNewestMessage, type TableRef } from '@cruddur/ddb';
import { LRUCache } from 'lru-cache';
import pMap from 'p-map';
import { isUuid, type Reported, type UnaddressedMessage } from './indexed-records.ts';
import { MalformedRecordError } from './read-image.ts';
import type { Failure, Malformed } from './report-batch.ts';

/** Groups of one batch whose members are read in parallel. */
const CONCURRENCY = 10;

/** Groups whose members are remembered; they never change. About 250 bytes each, so at most 5 MB. */
const GROUPS_MAX = 20_000;

type MemberUuids = readonly [string, string];

/** Reads the members of a group. `undefined`: its thread is empty, because an operator removed it. */
type ReadMembers = (messageGroupUuid: string) => Promise<MemberUuids | undefined>;

/**
 * Reads who the two members of groups are, and remembers it. A group that the origin wrote is known only by its rows.
 */
export function createMemberReader(table: TableRef): ReadMembers {
  const known = new LRUCache<string, MemberUuids>({ max: GROUPS_MAX });
  // Of a person whose row the origin lost, only the uuid is needed.
  const withPeople = { ...table, findPerson: async (uuid: string) => ({ uuid, handle: '', displayName: '' }) };
  return async (messageGroupUuid) => {
    const remembered = known.get(messageGroupUuid);
    if (remembered) return remembered;
    const found = await findMembers(withPeople, messageGroupUuid);
    if (found) {
      const [one, other] = found.members;
      known.set(messageGroupUuid, [one.uuid, other.uuid]);
      return [one.uuid, other.uuid];
    }
    if (!(await findNewestMessage(table, messageGroupUuid))) return undefined;
    // The index of the origin's rows may lag.
    throw new Error(`group ${messageGroupUuid} has no members`);
  };
}

interface Addressed {
  /** In the order of the batch. */
  addressed: Reported<IndexedMessage>[];
  failures: Failure[];
  malformed: Malformed[];
}

/**
 * Adds the recipients to a batch's messages. Messages of a group whose members cannot be read fail; those of a group that was
 * removed are left out.
 */
export async function addRecipients(
  messages: readonly Reported<UnaddressedMessage>[],
  readMembers: ReadMembers,
): Promise<Addressed> {
  const result: Addressed = { addressed: [], failures: [], malformed: [] };
  const found = new Map<string, MemberUuids | undefined>();
  const groups = new Map(messages.toReversed().map(({ item, index }) => [item.messageGroupUuid, index]));
  const readGroup = async ([messageGroupUuid, index]: [string, number]) => {
    try {
      found.set(messageGroupUuid, await readMembers(messageGroupUuid));
    } catch (error) {
      result.failures.push({ index, error, messageGroupUuid });
    }
  };
  await pMap(groups, readGroup, { concurrency: CONCURRENCY });
  for (const { item, record, index } of messages) {
    const members = found.get(item.messageGroupUuid);
    if (!members) continue;
    try {
      result.addressed.push({ item: { ...item, recipientUuid: recipientOf(item, members) }, record, index });
    } catch (error) {
      result.malformed.push({ record, error });
    }
  }
  return result;
}

/** @throws {MalformedRecordError} if the sender is no member */
function recipientOf({ senderUuid }: UnaddressedMessage, [one, other]: MemberUuids): string {
  const recipientUuid = senderUuid === one ? other : senderUuid === other ? one : undefined;
  if (recipientUuid === undefined) throw new MalformedRecordError('user_uuid: is no member of the group');
  if (!isUuid(recipientUuid)) throw new MalformedRecordError('the recipient is not a uuid');
  return recipientUuid;
}
