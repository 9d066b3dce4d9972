import type { Query, QueryClient } from '@tanstack/react-query';
import type { MessageGroup, MessageGroupState } from '../trpc/types.ts';
import { withReadStates } from './group-state.ts';
import { editLive } from './live-state.ts';

interface Reading {
  /** When it began, by `performance.now()`. */
  since: number;
  /** Where the query adds a page; undefined if it reads all pages again. */
  direction: 'forward' | 'backward' | undefined;
}

/**
 * Applies the states of conversations from every list, thread and group that a query reads, before its components render. It
 * is in one place, since only the cache knows when a query began.
 */
export function learnStates(client: QueryClient): void {
  const readings = new WeakMap<Query, Reading>();
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || !(pathOf(event.query) in STATES)) return;
    const { action, query } = event;
    if (action.type === 'fetch') {
      readings.set(query, { since: performance.now(), direction: action.meta?.fetchMore?.direction });
    }
    const reading = readings.get(query);
    if (action.type !== 'success' || action.manual || !reading) return;
    const states = STATES[pathOf(query)]?.(query, reading.direction) ?? [];
    if (states.length > 0) editLive(client, (live) => withReadStates(live, states, reading.since));
  });
}

const pathOf = ({ queryKey: [path] }: Query): string => (Array.isArray(path) ? path.join('.') : '');

type StatesOf = (query: Query, direction: Reading['direction']) => MessageGroupState[];

const STATES: Record<string, StatesOf> = {
  'messageGroups.find': ({ state }) => statesOfRows(state.data ? [state.data as MessageGroup] : []),
  'messageGroups.list': (query, direction) =>
    statesOfRows(newPages<{ items: MessageGroup[] }>(query, direction).flatMap(({ items }) => items)),
  'messages.list': (query, direction) =>
    newPages<{ state?: MessageGroupState }>(query, direction).flatMap(({ state }) => state ?? []),
};

function newPages<P>({ state }: Query, direction: Reading['direction']): P[] {
  const { pages } = state.data as { pages: P[] };
  if (direction === undefined) return pages;
  return direction === 'forward' ? pages.slice(-1) : pages.slice(0, 1);
}

const statesOfRows = (rows: readonly MessageGroup[]): MessageGroupState[] =>
  rows.map((row) => ({ ...row, messageGroupUuid: row.uuid }));
