import { useCallback, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Message } from '../../trpc/types.ts';
import type { BubbleRow } from '../thread-rows.ts';

/** What is open for one message. `anchor`: what it opens next to, and where the focus goes back to. */
export type Overlay = { anchor: HTMLElement } & (
  | { kind: 'menu' | 'sheet'; row: BubbleRow }
  | { kind: 'reactions' | 'picker' | 'delete' | 'history' | 'report'; message: Message }
  | { kind: 'conflict'; message: Message; changeId: string; mine: string }
);

export type Overlays = ReturnType<typeof useOverlay>;

/** One menu, sheet, popover or dialog at a time. */
export function useOverlay() {
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const onClosed = useRef<(() => void) | undefined>(undefined);
  const open = useCallback((next: Overlay, whenClosed?: () => void) => {
    onClosed.current?.();
    onClosed.current = whenClosed;
    setOverlay(next);
  }, []);
  /** Closes it and gives the focus back before it returns: what was chosen may then take the focus. */
  const close = useCallback(({ anchor }: Overlay) => {
    onClosed.current?.();
    onClosed.current = undefined;
    flushSync(() => setOverlay(null));
    anchor.focus({ preventScroll: true });
  }, []);
  return { overlay, open, close };
}
