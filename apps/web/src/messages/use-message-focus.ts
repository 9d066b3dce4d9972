import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { stepToMessage } from './thread-changes.ts';
import type { ThreadRow } from './thread-rows.ts';

interface MessageFocusInput {
  scroller: RefObject<HTMLDivElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  rows: readonly ThreadRow[];
}

/**
 * Lets the arrow keys move from message to message while the thread has the focus. Only the active message is a stop of
 * the Tab key, so that the form is never dozens of stops away.
 */
export function useMessageFocus({ scroller, list, rows }: MessageFocusInput) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const activeIndex = activeKey === null ? -1 : rows.findIndex((row) => row.key === activeKey);

  useEffect(() => {
    if (wanted.current === null || wanted.current !== activeKey) return;
    wanted.current = null;
    // The scrolling that this change began may have to draw the row first.
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

  /** Moves the focus from a control that is about to disappear to the thread. The arrow keys go on from the newest message. */
  const takeFocus = () => {
    setActiveKey(null);
    scroller.current?.focus({ preventScroll: true });
  };

  return { activeKey, activeIndex, onKeyDown, onActivate: setActiveKey, takeFocus };
}

function findMessage(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
}
