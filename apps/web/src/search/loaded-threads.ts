import type { QueryClient } from '@tanstack/react-query';
import { heldMessages, heldRows } from '../cache/held.ts';
import { getLive } from '../cache/live-state.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import type { Message, MessagePage, PersonName } from '../trpc/types.ts';

export interface LoadedThreads {
  messages: Message[];
  /** The other person of each conversation, by group. */
  people: ReadonlyMap<string, PersonName>;
}

/** All messages that the page has loaded, or that have arrived since. */
export function loadedThreads(client: QueryClient): LoadedThreads {
  const queries = client.getQueriesData<{ pages: MessagePage[] }>(trpcKeys.messages.list.infiniteQueryFilter());
  const people = new Map<string, PersonName>();
  for (const [, data] of queries) {
    for (const { items, person } of data?.pages ?? []) if (items[0]) people.set(items[0].messageGroupUuid, person);
  }
  const groups = new Set([...people.keys(), ...Object.keys(getLive(client).messages)]);
  for (const row of heldRows(client)) people.set(row.uuid, row);
  return { messages: [...groups].flatMap((group) => [...heldMessages(client, group).values()]), people };
}
