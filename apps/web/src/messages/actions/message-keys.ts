import { letterOf, type ShortcutKey } from '../../shortcuts/shortcuts.ts';
import type { MessageAction } from './allowed-actions.ts';

/** What a key does to the message that has the focus. */
export type MessageKeyAction = Exclude<MessageAction, 'history'> | 'menu';

const SINGLE_KEYS: Readonly<Record<string, MessageKeyAction>> = {
  r: 'reply',
  e: 'edit',
  '+': 'react',
  c: 'copy',
  l: 'link',
};

interface MessageKeyState {
  /** Single characters may be shortcuts (WCAG 2.1.4). */
  singleKeys: boolean;
  /** The focus is on the message itself, not on a control in it. */
  onMessage: boolean;
}

/** Returns what a key does; null leaves it to the browser. */
export function messageKeyAction(
  key: ShortcutKey,
  { singleKeys, onMessage }: MessageKeyState,
): MessageKeyAction | null {
  if (key.isComposing || key.ctrlKey || key.metaKey || key.altKey) return null;
  if (onMessage && key.key === 'Enter') return 'menu';
  if (onMessage && (key.key === 'Delete' || key.key === 'Backspace')) return 'delete';
  return singleKeys ? (SINGLE_KEYS[letterOf(key)] ?? null) : null;
}
