import { useEffect, useRef } from 'react';
import { localStore } from '../ui/local-store.ts';
import { isMac, type ShortcutAction, shortcutOf } from './shortcuts.ts';

export function useShortcuts(onShortcut: (action: ShortcutAction) => void): void {
  const latest = useRef(onShortcut);
  useEffect(() => {
    latest.current = onShortcut;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const action = shortcutOf(event, {
        isTyping: isTyping(event.target),
        singleKeys: readSingleKeys(),
        onMac: isMac(),
      });
      if (action === null) return;
      event.preventDefault();
      latest.current(action);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}

// A preference of this browser: sign-out keeps it.
const KEY = 'single-keys';

/** Whether single characters are shortcuts. Speech input and shaky hands trigger them by accident (WCAG 2.1.4). */
export const readSingleKeys = (): boolean => localStore.get(KEY) !== 'off';

export const writeSingleKeys = (on: boolean): void => localStore.set(KEY, on ? null : 'off');
