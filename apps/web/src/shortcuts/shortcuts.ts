export type ShortcutAction = 'next_group' | 'previous_group' | 'new_message' | 'help';

export interface Shortcut {
  action: ShortcutAction;
  words: string;
  /** Each way to press it, key by key. */
  keys: string[][];
}

export const SHORTCUTS: readonly Shortcut[] = [
  { action: 'next_group', words: 'Next conversation', keys: [['Alt', '↓']] },
  { action: 'previous_group', words: 'Previous conversation', keys: [['Alt', '↑']] },
  { action: 'new_message', words: 'New message', keys: [['Ctrl', 'K']] },
  { action: 'help', words: 'Show shortcuts', keys: [['?'], ['Ctrl', '/']] },
];

const MAC_KEYS: Record<string, string> = { Ctrl: 'Cmd', Alt: 'Option' };

/** A Mac, or an iPad with a keyboard. There Ctrl and a letter edit text, and Cmd is the shortcut key. */
export const isMac = (): boolean => /^(Mac|iP)/.test(navigator.platform);

export const keyName = (key: string, onMac: boolean): string => (onMac && MAC_KEYS[key]) || key;

export type ShortcutKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>;

/**
 * @param isTyping - the focus is in a text field, where a single character is text
 * @param singleKeys - whether single characters may be shortcuts (WCAG 2.1.4)
 * @param onMac - Cmd is used in place of Ctrl
 */
export function shortcutOf(
  key: ShortcutKey,
  { isTyping, singleKeys, onMac }: { isTyping: boolean; singleKeys: boolean; onMac: boolean },
): ShortcutAction | null {
  if (key.isComposing || (onMac ? key.ctrlKey : key.metaKey)) return null;
  const command = onMac ? key.metaKey : key.ctrlKey;
  if (key.altKey && !command) {
    if (key.key === 'ArrowDown') return 'next_group';
    if (key.key === 'ArrowUp') return 'previous_group';
    return null;
  }
  if (command && !key.altKey) {
    if (key.key.toLowerCase() === 'k') return 'new_message';
    return key.key === '/' ? 'help' : null;
  }
  return key.key === '?' && singleKeys && !isTyping ? 'help' : null;
}

/** The group next to the open one; if none is open, the first or the last. */
export function neighbour(uuids: readonly string[], open: string | undefined, step: 1 | -1): string | undefined {
  const index = open === undefined ? -1 : uuids.indexOf(open);
  if (index === -1) return step === 1 ? uuids[0] : uuids.at(-1);
  return uuids[index + step];
}
