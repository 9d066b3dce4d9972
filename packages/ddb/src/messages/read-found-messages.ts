import pMap, { pMapSkip } from 'p-map';
import { type MembersStore, otherMember, requireMembership } from '../members/members.ts';
import { hiddenThroughOf } from '../members/message-group-state.ts';
import type { Person } from '../members/person.ts';
import { markedGroupsOf } from '../members/read-marker.ts';
import { batchGet } from '../table/batch.ts';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { isoOf } from '../table/time.ts';
import { withoutClearedQuote } from './cleared-quote.ts';
import { type Message, type MessageItem, messageSchema } from './message.ts';
import { readMessages } from './read-messages.ts';

/** Where an index found a message. */
interface Found {
  messageGroupUuid: string;
  messageUuid: string;
  /** The exact one of the table. */
  sortKey: string;
}

/** A conversation as the caller sees it. */
interface View {
  messageGroupUuid: string;
  /** The other member. */
  person: Person;
  hiddenThrough: string | null;
}

/**
 * Reads messages that an index found, in its order, each with the conversation's other member. An index may be behind the table:
 * what is gone, deleted or hidden from the caller is left out, and so is any conversation of which the caller is not a member.
 *
 * All is strongly consistent, so that no text is older than an acknowledged edit or deletion. That costs twice the units: 1 for
 * each conversation, 1 for each message of up to 4 kB that is not hidden, and 1 for each quoted one. A call for each hundred
 * conversations or messages, one for each conversation with quotes, and two for each whose members are not known.
 */
export async function readFoundMessages<Each extends Found>(
  store: MembersStore,
  { callerUuid, found }: { callerUuid: string; found: readonly Each[] },
): Promise<(Each & { message: Message; person: Person })[]> {
  const views = await readViews(store, callerUuid, new Set(found.map(({ messageGroupUuid: uuid }) => uuid)));
  const visible = new Map<string, { each: Each; view: View }>();
  for (const each of found) {
    const view = views.get(each.messageGroupUuid);
    if (!view || (view.hiddenThrough !== null && isoOf(each.sortKey) <= view.hiddenThrough)) continue;
    visible.set(idOf(keyOf(each)), { each, view });
  }
  const wanted = [...visible.values()].map(({ each }) => keyOf(each));
  const messages = await readVisible(store, views, await batchGet(store, messageSchema, wanted));
  return [...visible].flatMap(([id, { each, view }]) => {
    const message = messages.get(id);
    if (message?.uuid !== each.messageUuid) return [];
    return { ...each, message: withoutClearedQuote(message, view.hiddenThrough), person: view.person };
  });
}

/** The conversations that the caller is a member of. */
async function readViews(
  store: MembersStore,
  callerUuid: string,
  messageGroupUuids: ReadonlySet<string>,
): Promise<Map<string, View>> {
  const uuids = [...messageGroupUuids];
  const membersOf = async (messageGroupUuid: string) => {
    try {
      const members = await requireMembership(store, { messageGroupUuid, callerUuid });
      return { messageGroupUuid, person: otherMember(members, callerUuid) };
    } catch (error) {
      if (error instanceof MessageStoreError && error.reason === 'message_group_not_found') return pMapSkip;
      throw error;
    }
  };
  const [marked, own] = await Promise.all([
    markedGroupsOf(store, { userUuid: callerUuid, messageGroupUuids: uuids }),
    pMap(uuids, membersOf, { concurrency: 10 }),
  ]);
  return new Map(
    own.map((each) => {
      const hiddenThrough = hiddenThroughOf(marked.get(each.messageGroupUuid)?.item);
      return [each.messageGroupUuid, { ...each, hiddenThrough }];
    }),
  );
}

/** Messages that are not deleted, by the id of their key. */
async function readVisible(
  store: MembersStore,
  views: ReadonlyMap<string, View>,
  items: readonly MessageItem[],
): Promise<Map<string, Message>> {
  const existing = items.filter(({ deleted_at: deletedAt }) => deletedAt === undefined);
  const readOfGroup = async (messageGroupUuid: string) => {
    const own = existing.filter(({ pk }) => pk === keys.messages(messageGroupUuid));
    const messages = await readMessages(store, messageGroupUuid, own);
    return messages.map((message, i): [string, Message] => [idOf(own[i] as MessageItem), message]);
  };
  return new Map((await pMap(views.keys(), readOfGroup, { concurrency: 10 })).flat());
}

const keyOf = ({ messageGroupUuid, sortKey: sk }: Found) => ({ pk: keys.messages(messageGroupUuid), sk });
const idOf = ({ pk, sk }: { pk: string; sk: string }) => `${pk} ${sk}`;
