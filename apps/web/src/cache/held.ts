import type { QueryClient } from '@tanstack/react-query';
import { trpcKeys } from '../trpc/trpc.ts';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { putGroups } from './lists.ts';
import { getLive } from './live-state.ts';
import { newerCopy } from './message-copies.ts';
import { newestTime, type Pages } from './pages.ts';

/** What is loaded of a thread, by uuid: all its pages, also those around a message, and what arrived since. */
export function heldMessages(client: QueryClient, messageGroupUuid: string): Map<string, Message> {
  const queries = client.getQueriesData<Pages<Message>>(
    trpcKeys.messages.list.infiniteQueryFilter({ messageGroupUuid }),
  );
  const held = new Map<string, Message>();
  const add = (message: Message) => held.set(message.uuid, newerCopy(message, held.get(message.uuid)));
  for (const [, data] of queries) for (const { items } of data?.pages ?? []) items.forEach(add);
  getLive(client).messages[messageGroupUuid]?.forEach(add);
  return held;
}

/** The newest rows of all groups that are loaded in any list, or arrived since. */
export function heldRows(client: QueryClient): MessageGroup[] {
  const lists = client.getQueriesData<Pages<MessageGroup>>(trpcKeys.messageGroups.list.pathFilter());
  const read = lists.flatMap(([, data]) => data?.pages ?? []).flatMap(({ items }) => items);
  return putGroups(read, getLive(client).groups);
}

export function heldRow(client: QueryClient, messageGroupUuid: string): MessageGroup | undefined {
  return heldRows(client).find(({ uuid }) => uuid === messageGroupUuid);
}

/** The time of the newest message of a group that the page has, in its row or its thread. */
export function heldThrough(client: QueryClient, messageGroupUuid: string): string | undefined {
  const row = heldRow(client, messageGroupUuid);
  const items = [...(row ? [row] : []), ...heldMessages(client, messageGroupUuid).values()];
  return newestTime({ items, nextCursor: null });
}
