import * as z from 'zod/mini';
import { keys } from '../table/keys.ts';
import { type Item, itemSchema, parseItem, parseItems } from '../table/parse-items.ts';
import { firstPage, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { findNextSortKey } from './find-in-thread.ts';
import { type MessageItem, messageSchema } from './message.ts';
import { sentAtSchema, type ThreadSpan } from './thread-span.ts';

/** Any item of a thread: a malformed message has a sort key, too. */
const placedSchema = itemSchema({ sk: z.string() }, z.unknown());

/** The end of a thread up to a message, as it is now. */
export interface ThreadEnd {
  /** The last message that can be read. An operator may have removed the one that was asked for. */
  newest: MessageItem | undefined;
  /** The sort key of the message before `oldest`. */
  previous: string | undefined;
  span: ThreadSpan;
}

/**
 * Reads a batch's messages and the one before them, strongly consistent: one query, unless messages of other batches lie
 * between them.
 *
 * @param range.count - how many messages the batch has
 */
export async function readThreadEnd(
  table: TableRef,
  messageGroupUuid: string,
  range: { newest: string; oldest: string; count: number },
): Promise<ThreadEnd> {
  const { items, next } = await firstPage(table, placedSchema, {
    ...inPartition(keys.messages(messageGroupUuid), 'sk <= :newest', { ':newest': range.newest }),
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: range.count + 1,
  });
  const before = items.find(({ sk }) => sk < range.oldest);
  const isOutOfReach = before === undefined && next !== undefined;
  return {
    newest: firstMessage(table, items),
    previous: isOutOfReach ? await findNextSortKey(table, messageGroupUuid, { before: range.oldest }) : before?.sk,
    span: { messages: parseItems(table, sentAtSchema, items), isWhole: next === undefined },
  };
}

function firstMessage(table: TableRef, items: readonly Item[]): MessageItem | undefined {
  for (const item of items) {
    const message = parseItem(table, messageSchema, item);
    if (message) return message;
  }
  return undefined;
}
