import { useCallback, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** `anchor`: where the focus goes back to. */
interface Anchored {
  anchor: HTMLElement;
}

/**
 * One menu, sheet, popover or dialog at a time.
 *
 * @param onFocusLost - called instead, if the anchor is gone
 */
export function useOverlay<Overlay extends Anchored>(onFocusLost: () => void) {
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const onClosed = useRef<(() => void) | undefined>(undefined);
  const open = useCallback((next: Overlay, whenClosed?: () => void) => {
    onClosed.current?.();
    onClosed.current = whenClosed;
    setOverlay(next);
  }, []);
  /** Closes it and gives the focus back before it returns: what was chosen may then take the focus. */
  const close = useCallback(
    ({ anchor }: Overlay) => {
      onClosed.current?.();
      onClosed.current = undefined;
      flushSync(() => setOverlay(null));
      if (anchor.isConnected) anchor.focus({ preventScroll: true });
      else onFocusLost();
    },
    [onFocusLost],
  );
  return { overlay, open, close };
}
