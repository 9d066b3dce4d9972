import type { WithCursors } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { listPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Micros, parseTime, shortestTime } from '../table/time.ts';
import { findOriginMessage } from './find-message.ts';
import { type Message, type MessageItem, messageSchema } from './message.ts';
import { readMessages } from './read-messages.ts';

export interface MessagePage {
  /** Oldest first. */
  items: Message[];
  /** Towards older messages; `null` if there are none. */
  nextCursor: string | null;
  /** Towards newer messages; `null` if the page ends with the newest. */
  previousCursor: string | null;
}

export interface ListMessagesInput {
  messageGroupUuid: string;
  callerUuid: string;
  limit: number;
  cursor?: string | undefined;
  /** Instead of a cursor: half of the page is older than this time, the rest is not. */
  around?: Micros | undefined;
  /** Strongly consistent, for twice the units. */
  isConsistent?: boolean | undefined;
}

/** Sort keys after which the pages next to this one begin. */
interface Span {
  /** Oldest first. */
  items: MessageItem[];
  older: string | undefined;
  newer: string | undefined;
}

/**
 * Pattern A: a page of a group's messages, the newest page first, then older ones by cursor, without end; or a page around
 * a time, and from there in both directions. One query, for a page around a time two, and one call for quotes of messages that
 * are not in the page. The caller checks membership.
 *
 * @throws {MessageStoreError} `cursor_invalid`
 */
export async function listMessages(store: TableRef & WithCursors, input: ListMessagesInput): Promise<MessagePage> {
  const { messageGroupUuid, callerUuid, cursor, isConsistent = false } = input;
  const binding = ['messages', callerUuid, messageGroupUuid];
  const from = cursor === undefined ? undefined : store.cursors.open(binding, cursor);
  const { items, older, newer } = await readSpan(store, input, from);
  const seal = (after: string | undefined, isNewer: boolean) =>
    after === undefined ? null : store.cursors.seal(binding, isNewer ? { after, isNewer } : { after });
  return {
    items: await readMessages(store, messageGroupUuid, items, { isConsistent }),
    nextCursor: seal(older, false),
    previousCursor: seal(newer, true),
  };
}

async function readSpan(
  store: TableRef,
  { messageGroupUuid, limit, around, isConsistent }: ListMessagesInput,
  from: { after: string; isNewer?: boolean | undefined } | undefined,
): Promise<Span> {
  const read = (page: { limit: number; after?: string | undefined; from?: string; isNewer?: boolean }) =>
    listPage(store, messageSchema, { pk: keys.messages(messageGroupUuid), isConsistent, ...page });
  const readAround = async (sk: string): Promise<Span> => {
    const half = Math.floor(limit / 2);
    const [before, after] = await Promise.all([
      read({ limit: half, from: sk }),
      read({ limit: limit - half, from: sk, isNewer: true }),
    ]);
    return { items: [...before.items.reverse(), ...after.items], older: before.next, newer: after.next };
  };

  if (from === undefined && around !== undefined) {
    const span = await readAround(shortestTime(around));
    const origin = isElsewhere(span, around)
      ? await findOriginMessage(store, { messageGroupUuid, at: around })
      : undefined;
    return origin ? readAround(origin.sk) : span;
  }
  if (from?.isNewer) {
    const { items, next } = await read({ limit, after: from.after, isNewer: true });
    return { items, older: items[0]?.sk, newer: next };
  }
  const { items, next } = await read({ limit, after: from?.after });
  // A page by cursor has newer messages above it.
  return { items: items.toReversed(), older: next, newer: from && (items[0]?.sk ?? from.after) };
}

/** Whether the message of a time may be elsewhere in the thread: the origin wrote some sort keys with other offsets than UTC. */
const isElsewhere = ({ items }: Span, at: Micros) =>
  items.some(({ sk }) => /[+-](?!00:?00)\d\d:?\d\d$/.test(sk)) && !items.some(({ sk }) => parseTime(sk) === at);
