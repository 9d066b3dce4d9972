import { useEffect, useRef } from 'react';
import { isMac, type ShortcutAction, shortcutOf } from './shortcuts.ts';
import { readSingleKeys } from './single-keys.ts';

/** Calls back for each shortcut, wherever the focus is. */
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
