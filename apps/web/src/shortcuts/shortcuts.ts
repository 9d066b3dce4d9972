/** What a shortcut does. */
export type ShortcutAction = 'next_group' | 'previous_group' | 'new_message' | 'help';

/** A shortcut as the help lists it. */
export interface Shortcut {
  action: ShortcutAction;
  words: string;
  /** Each way to press it, key by key. */
  keys: string[][];
}

export const SHORTCUTS: readonly Shortcut[] = [
  { action: 'next_group', words: 'Next conversation', keys: [['Alt', '↓']] },
  { action: 'previous_group', words: 'Previous conversation', keys: [['Alt', '↑']] },
  { action: 'new_message', words: 'Write to somebody', keys: [['Ctrl', 'K']] },
  { action: 'help', words: 'This list', keys: [['?'], ['Ctrl', '/']] },
];

/** What is looked at of a key that was pressed. */
export type ShortcutKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>;

/**
 * The action of a key, if it has one. Cmd stands for Ctrl.
 *
 * @param isTyping - the key is meant for a field: a single character is text there
 * @param singleKeys - whether the person lets single characters be shortcuts (WCAG 2.1.4)
 */
export function shortcutOf(
  key: ShortcutKey,
  { isTyping, singleKeys }: { isTyping: boolean; singleKeys: boolean },
): ShortcutAction | null {
  if (key.isComposing) return null;
  const command = key.ctrlKey || key.metaKey;
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

/** The group to go to from the open one; from none, the first or the last. */
export function neighbour(uuids: readonly string[], open: string | undefined, step: 1 | -1): string | undefined {
  const index = open === undefined ? -1 : uuids.indexOf(open);
  if (index === -1) return step === 1 ? uuids[0] : uuids.at(-1);
  return uuids[index + step];
}
