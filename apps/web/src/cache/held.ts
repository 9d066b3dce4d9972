import type { QueryClient } from '@tanstack/react-query';
import { getQueryKey } from '@trpc/react-query';
import { trpc } from '../trpc/trpc.ts';
import type { Message, MessageGroup, MessagePage, PersonName } from '../trpc/types.ts';
import { putGroups } from './lists.ts';
import { getLive } from './live-state.ts';
import { newerCopy } from './message-copies.ts';
import { newestTime, type Pages } from './pages.ts';

/** What is loaded of a thread, by uuid: all its pages, also those around a message, and what arrived since. */
export function heldMessages(client: QueryClient, messageGroupUuid: string): Map<string, Message> {
  const read = heldPages(client, { messageGroupUuid }).flatMap(({ items }) => items);
  return newestCopies([...read, ...(getLive(client).messages[messageGroupUuid] ?? [])]);
}

/** The same of all threads. */
export function heldMessagesOfAll(client: QueryClient): Map<string, Message> {
  const read = heldPages(client).flatMap(({ items }) => items);
  return newestCopies([...read, ...Object.values(getLive(client).messages).flat()]);
}

/** All pages of a thread, or of all threads. */
function heldPages(client: QueryClient, input?: { messageGroupUuid: string }) {
  const queryKey = getQueryKey(trpc.messages.list, input, 'infinite');
  return client.getQueriesData<{ pages: MessagePage[] }>({ queryKey }).flatMap(([, data]) => data?.pages ?? []);
}

function newestCopies(messages: readonly Message[]): Map<string, Message> {
  const newest = new Map<string, Message>();
  for (const message of messages) newest.set(message.uuid, newerCopy(message, newest.get(message.uuid)));
  return newest;
}

/** Whom conversations are with, by group, as far as the page has read it. */
export function heldPeople(client: QueryClient): Map<string, PersonName> {
  const threads = heldPages(client).flatMap(({ items: [first], person }): [string, PersonName][] =>
    first ? [[first.messageGroupUuid, person]] : [],
  );
  return new Map([...threads, ...heldRows(client).map((row): [string, PersonName] => [row.uuid, row])]);
}

/** The newest rows of all groups that are loaded in any list, or arrived since. */
export function heldRows(client: QueryClient): MessageGroup[] {
  const lists = client.getQueriesData<Pages<MessageGroup>>({ queryKey: getQueryKey(trpc.messageGroups.list) });
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
