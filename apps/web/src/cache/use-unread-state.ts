import { type QueryClient, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { NEWEST_GROUPS_KEY } from './message-groups-keys.ts';
import type { Pages } from './pages.ts';
import { type Reading, takeArrival, takeCount, takeMarker } from './unread-state.ts';

/** What is known of what is unread, by group. */
export type Readings = Readonly<Record<string, Reading>>;

const READINGS_KEY = ['readings'] as const;
const NONE: Readings = {};
/** Doubts that come together are settled by one question to the server. */
const RECOUNT_AFTER_MS = 1_000;

/** Edits of the readings: each applies one piece of news. */
export interface ReadingEdits {
  takeRows(rows: readonly MessageGroup[]): void;
  takeArrival(message: Message, isKnown: boolean): void;
  takeMarker(messageGroupUuid: string, readAt: string): void;
}

/** Edits of the readings in a cache. */
export function readingEdits(client: QueryClient): ReadingEdits {
  const edit = (change: (readings: Readings) => Readings) =>
    client.setQueryData<Readings>(READINGS_KEY, (readings = NONE) => change(readings));
  return {
    takeRows(rows) {
      edit((readings) => {
        const next = { ...readings };
        for (const row of rows) next[row.uuid] = takeCount(next[row.uuid], row);
        return next;
      });
    },
    takeArrival(message, isKnown) {
      const uuid = message.messageGroupUuid;
      edit((readings) => ({ ...readings, [uuid]: takeArrival(readings[uuid], message, isKnown) }));
    },
    takeMarker(uuid, readAt) {
      edit((readings) => {
        const known = readings[uuid];
        // Of a group that is not loaded nothing is shown, and its row will bring the marker along.
        return known === undefined ? readings : { ...readings, [uuid]: takeMarker(known, readAt) };
      });
    },
  };
}

/** Whether the unread messages of a group are counted here: it is loaded. */
export function hasReading(client: QueryClient, messageGroupUuid: string): boolean {
  return client.getQueryData<Readings>(READINGS_KEY)?.[messageGroupUuid] !== undefined;
}

/** Up to which message the person has read a group, as far as a cache knows. */
export function readAtOf(client: QueryClient, messageGroupUuid: string): string | null {
  return client.getQueryData<Readings>(READINGS_KEY)?.[messageGroupUuid]?.readAt ?? null;
}

export function useReadingEdits(): ReadingEdits {
  const client = useQueryClient();
  return useMemo(() => readingEdits(client), [client]);
}

/** What is known of what is unread, by group. */
export function useReadings(): Readings {
  const { data } = useQuery<Readings>({
    queryKey: READINGS_KEY,
    queryFn: skipToken,
    initialData: NONE,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return data ?? NONE;
}

/** Applies the rows of the list's pages, each once: when an older page arrives, the newer ones are in the data again. */
export function useTakeRows(list: Pages<MessageGroup> | undefined): void {
  const edits = useReadingEdits();
  const takenRows = useRef(new WeakSet<MessageGroup>());
  useEffect(() => {
    const taken = takenRows.current;
    const rows = list?.pages.flatMap((page) => page.items).filter((row) => !taken.has(row)) ?? [];
    if (rows.length === 0) return;
    for (const row of rows) taken.add(row);
    edits.takeRows(rows);
  }, [list, edits]);
}

/** Reads the newest rows again where a count is in doubt. A doubt that stays is not asked about twice. */
export function useRecount(readings: Readings): void {
  const client = useQueryClient();
  const doubts = Object.entries(readings).flatMap(([uuid, { doubt }]) => (doubt === null ? [] : [`${uuid} ${doubt}`]));
  const key = doubts.sort().join();
  useEffect(() => {
    if (key === '') return;
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: NEWEST_GROUPS_KEY }), RECOUNT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [client, key]);
}
