import * as z from 'zod/mini';
import { keys } from '../table/keys.ts';
import { firstItem, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type MessageItem, messageSchema } from './message.ts';

/** The newest message of a group, or the newest up to a sort key; strongly consistent. */
export function findNewestMessage(
  table: TableRef,
  messageGroupUuid: string,
  through?: string,
): Promise<MessageItem | undefined> {
  const pk = keys.messages(messageGroupUuid);
  return firstItem(table, messageSchema, {
    ...(through === undefined ? inPartition(pk) : inPartition(pk, 'sk <= :through', { ':through': through })),
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: 1,
  });
}

/** The sort key of the message next to a sort key in a group's thread; strongly consistent. */
export async function findNextSortKey(
  table: TableRef,
  messageGroupUuid: string,
  next: { before: string } | { after: string },
): Promise<string | undefined> {
  const [operator, sk] = 'before' in next ? ['<', next.before] : ['>', next.after];
  const found = await firstItem(table, z.object({ sk: z.string() }), {
    ...inPartition(keys.messages(messageGroupUuid), `sk ${operator} :sk`, { ':sk': sk }),
    ConsistentRead: true,
    ProjectionExpression: 'sk',
    ScanIndexForward: operator === '>',
    Limit: 1,
  });
  return found?.sk;
}

/** The newest message of a user in a group, or of any other user: used if no row has the person's name. */
export function findSender(
  table: TableRef,
  messageGroupUuid: string,
  user: { is: string } | { isNot: string },
): Promise<MessageItem | undefined> {
  const [operator, userUuid] = 'is' in user ? ['=', user.is] : ['<>', user.isNot];
  return firstItem(table, messageSchema, {
    ...inPartition(keys.messages(messageGroupUuid), undefined, { ':user': userUuid }),
    FilterExpression: `user_uuid ${operator} :user`,
    ScanIndexForward: false,
  });
}
