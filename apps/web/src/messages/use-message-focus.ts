import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ThreadRow } from './thread-rows.ts';
import type { ThreadView } from './use-thread-scroll.ts';

/**
 * Moves the focus from message to message by the arrow keys. The Tab key stops only at the active message: otherwise the
 * composer would be dozens of stops away.
 */
export function useMessageFocus({ scroller, list, rows }: ThreadView) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const activeIndex = activeKey === null ? -1 : rows.findIndex((row) => row.key === activeKey);

  useEffect(() => {
    if (wanted.current === null || wanted.current !== activeKey) return;
    wanted.current = null;
    // The row may be drawn only after the list has scrolled.
    const frame = requestAnimationFrame(() => findMessage(scroller.current, activeKey)?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(frame);
  }, [activeKey, scroller]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const index = stepToMessage(rows, activeIndex, event.key === 'ArrowUp' ? -1 : 1);
    const row = rows[index];
    event.preventDefault();
    if (row === undefined) return;
    wanted.current = row.key;
    setActiveKey(row.key);
    list.current?.scrollToIndex(index, { align: 'nearest' });
  };

  /** Moves the focus to the thread, from a control that is about to disappear. */
  const takeFocus = () => {
    setActiveKey(null);
    scroller.current?.focus({ preventScroll: true });
  };

  return { activeKey, activeIndex, onKeyDown, onActivate: setActiveKey, takeFocus };
}

/** The index of the next message from a row, up or down; from none, the newest. -1 if there is none. */
export function stepToMessage(rows: readonly ThreadRow[], from: number, step: 1 | -1): number {
  const isMessage = ({ kind }: ThreadRow) => kind !== 'day';
  if (from === -1) return rows.findLastIndex(isMessage);
  if (step === -1) return rows.slice(0, from).findLastIndex(isMessage);
  return rows.findIndex((row, index) => index > from && isMessage(row));
}

function findMessage(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
}
