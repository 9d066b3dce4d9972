import type { ShortcutKey } from '../shortcuts/shortcuts.ts';

/** Whether a key opens the menu of the row that has the focus: the Menu key, Shift+F10, or Alt+Enter where neither exists. */
export function isMenuKey(pressed: ShortcutKey & { shiftKey: boolean }): boolean {
  const { key, ctrlKey, metaKey, altKey, shiftKey, isComposing } = pressed;
  if (ctrlKey || metaKey || isComposing) return false;
  if (altKey) return key === 'Enter' && !shiftKey;
  return key === 'ContextMenu' || (key === 'F10' && shiftKey);
}
