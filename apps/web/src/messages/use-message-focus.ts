import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { hasOpenLayer } from '../ui/browser.ts';
import { useMessageKeys } from './actions/use-message-keys.ts';
import { isMessageRow, type ThreadRow } from './thread-rows.ts';
import type { ThreadView } from './use-thread-position.ts';

/** How many frames a row has to be drawn. */
const MAX_FRAMES = 60;

/**
 * Moves the focus from message to message by the arrow keys, and acts on the one that has it. The Tab key stops only at the
 * active message: otherwise the composer would be dozens of stops away.
 */
export function useMessageFocus({ scroller, list, rows }: ThreadView) {
  const onMessageKey = useMessageKeys(rows);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const activeIndex = activeKey === null ? -1 : rows.findIndex((row) => row.key === activeKey);

  useEffect(() => {
    if (wanted.current === null || wanted.current !== activeKey) return;
    wanted.current = null;
    return focusWhenDrawn(() => findMessage(scroller.current, activeKey));
  }, [activeKey, scroller]);

  /** Moves the focus to a message, wherever the list is. */
  const focusMessage = useCallback(
    (key: string) => {
      wanted.current = key;
      setActiveKey(key);
      findMessage(scroller.current, key)?.focus({ preventScroll: true });
    },
    [scroller],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (onMessageKey(event)) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const index = stepToMessage(rows, activeIndex, event.key === 'ArrowUp' ? -1 : 1);
    const row = rows[index];
    event.preventDefault();
    if (row === undefined) return;
    focusMessage(row.key);
    list.current?.scrollToIndex(index, { align: 'nearest' });
  };

  /** Moves the focus to the thread, from a control that is about to disappear. */
  const takeFocus = () => {
    setActiveKey(null);
    scroller.current?.focus({ preventScroll: true });
  };

  return { activeKey, activeIndex, onKeyDown, onActivate: setActiveKey, focusMessage, takeFocus };
}

/** The index of the next message from a row, up or down; from none, the newest. -1 if there is none. */
export function stepToMessage(rows: readonly ThreadRow[], from: number, step: 1 | -1): number {
  if (from === -1) return rows.findLastIndex(isMessageRow);
  if (step === -1) return rows.slice(0, from).findLastIndex(isMessageRow);
  return rows.findIndex((row, index) => index > from && isMessageRow(row));
}

/** A row is drawn only after the list has scrolled, and is invisible until it has been measured. What is opened meanwhile has the focus. */
function focusWhenDrawn(find: () => HTMLElement | null): () => void {
  let left = MAX_FRAMES;
  const attempt = () => {
    if (hasOpenLayer()) return;
    const element = find();
    element?.focus({ preventScroll: true });
    if (--left > 0 && (element === null || document.activeElement !== element)) frame = requestAnimationFrame(attempt);
  };
  let frame = requestAnimationFrame(attempt);
  return () => cancelAnimationFrame(frame);
}

function findMessage(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
}
