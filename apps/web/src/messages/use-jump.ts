import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { t } from '../i18n/t.ts';
import { dayKey } from '../time/format-time.ts';
import { schedule } from '../ui/timers.ts';
import { indexOfMessage, isBubbleRow, isMessageRow, type ThreadRow } from './thread-rows.ts';
import type { MessageLink } from './use-message-link.ts';
import { keyAt } from './use-thread-scroll.ts';
import type { Place, ThreadWindow } from './use-thread-window.ts';

/** How long the target of a jump is highlighted, in milliseconds. */
const HIGHLIGHT_MS = 2_000;
/** How long a notice stays, in milliseconds. */
const NOTICE_MS = 6_000;

/** A line on a phone, in characters. */
const LINE = 40;
/** A text with fewer characters is never folded. */
const FOLDED_ABOVE = 1_000;

type TimedPlace = Place & { time: string };

interface JumpInput {
  rows: readonly ThreadRow[];
  window: ThreadWindow;
  link: MessageLink;
  scrollTo: (key: string, place: Place) => void;
  focusMessage: (key: string) => void;
  unfold: (key: string) => void;
}

/** Leads to a message or a day, whether it is loaded or not, and marks where it has led. */
export function useJump({ rows, window, link, scrollTo, focusMessage, unfold }: JumpInput) {
  const [highlighted, highlight] = useFading(HIGHLIGHT_MS);
  const [notice, notify] = useFading(NOTICE_MS);

  const arrive = (place: Place) => {
    if (place.kind === 'end' || place.kind === 'new' || place.kind === 'kept') return;
    const key = keyAt(rows, place);
    const words = noticeAt(rows, place);
    if (words !== null) notify(words);
    if (key === undefined) return;
    const found = place.kind === 'time' ? undefined : rows[indexOfMessage(rows, place)];
    if (place.kind === 'time' || found) highlight(key);
    if (found?.kind === 'deleted' && found.items.length > 1) unfold(key);
    if (place.kind !== 'hit') focusMessage(key);
    // While the reader searches, the field keeps the focus.
    else if (found && isBubbleRow(found) && mayBeFolded(found.text)) unfold(key);
  };
  const follow = (place: TimedPlace) => {
    if (!isLoaded(rows, window, place)) return window.jump(place.time, place);
    window.stay();
    const key = keyAt(rows, place);
    if (key !== undefined) scrollTo(key, place);
    arrive(place);
  };
  const go = (place: TimedPlace) => {
    link.drop();
    follow(place);
  };

  // Rows get the same function at each render.
  const latest = useRef(go);
  useLayoutEffect(() => {
    latest.current = go;
  });
  const onOpened = useEffectEvent(() => {
    arrive(window.place);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another part of the thread is shown
  useEffect(() => onOpened(), [window.id]);

  return {
    highlighted,
    notice,
    /** Leads to what a search has found, or back to where the reader was. */
    toPlace: useCallback((place: TimedPlace) => latest.current(place), []),
    toMessage: useCallback(
      (uuid: string, createdAt: string) => latest.current({ kind: 'message', uuid, time: createdAt }),
      [],
    ),
    /** @param day - as `2026-11-20`, of the reader's calendar */
    toDay: (day: string) => go({ kind: 'time', time: startOfDay(day) }),
    /** Follows the link in the page's address. */
    toLink: (at: string) => follow({ kind: 'message', time: at }),
    notify,
  };
}

/** Whether a text may be too long to be shown as a whole. */
const mayBeFolded = (text: string) => text.length + text.split('\n').length * LINE > FOLDED_ABOVE;

/** The first moment of a day in the reader's time zone. */
export function startOfDay(day: string): string {
  return new Date(Math.max(0, new Date(`${day}T00:00:00`).getTime() || 0)).toISOString();
}

/** Whether a place is within the loaded messages, or where it would be. */
export function isLoaded(
  rows: readonly ThreadRow[],
  { older, isAtNewest }: Pick<ThreadWindow, 'older' | 'isAtNewest'>,
  place: TimedPlace,
): boolean {
  if (place.kind !== 'time' && indexOfMessage(rows, place) !== -1) return true;
  const messages = rows.filter(isMessageRow);
  const time = Date.parse(place.time);
  const begins = !older.hasMore || (messages[0]?.time ?? Infinity) < time;
  const ends = isAtNewest || (messages.at(-1)?.time ?? -Infinity) > time;
  return begins && ends;
}

/** Why a jump did not reach its target. */
export function noticeAt(rows: readonly ThreadRow[], place: Place): string | null {
  if (place.kind === 'message' || place.kind === 'hit') {
    return indexOfMessage(rows, place) === -1 ? t('thread.messageNotFound') : null;
  }
  if (place.kind !== 'time') return null;
  const row = rows.find(({ key }) => key === keyAt(rows, place));
  if (row === undefined) return t('thread.nothingSince');
  return dayKey(row.time) === dayKey(Date.parse(place.time)) ? null : t('thread.nextDay');
}

/** A text that is removed after a while. */
function useFading(forMs: number) {
  const [value, setValue] = useState<{ text: string }>();
  useEffect(() => value && schedule(() => setValue(undefined), forMs), [value, forMs]);
  return [value?.text ?? null, useCallback((text: string) => setValue({ text }), [])] as const;
}
