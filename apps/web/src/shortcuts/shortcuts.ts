import { useEffect, useEffectEvent } from 'react';
import { t } from '../i18n/t.ts';
import { isEditable } from '../ui/keep-page.ts';
import { localStore } from '../ui/local-store.ts';

export type ShortcutAction =
  | 'next_group'
  | 'previous_group'
  | 'next_unread'
  | 'previous_unread'
  | 'new_message'
  | 'search'
  | 'search_thread'
  | 'help';
export type ShortcutKey = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'
>;

const SINGLE_KEY_SHORTCUTS: Record<string, ShortcutAction | undefined> = { '?': 'help', '/': 'search' };

/** `isTyping`: the focus is in a text field. `singleKeys`: single characters may be shortcuts (WCAG 2.1.4). */
export function shortcutOf(
  key: ShortcutKey,
  { isTyping, singleKeys, onMac }: { isTyping: boolean; singleKeys: boolean; onMac: boolean },
): ShortcutAction | null {
  if (key.isComposing || (onMac ? key.ctrlKey : key.metaKey)) return null;
  const command = onMac ? key.metaKey : key.ctrlKey;
  if (key.altKey && !command) {
    if (key.key === 'ArrowDown') return key.shiftKey ? 'next_unread' : 'next_group';
    if (key.key === 'ArrowUp') return key.shiftKey ? 'previous_unread' : 'previous_group';
    return null;
  }
  if (command && !key.altKey) {
    const letter = letterOf(key);
    if (letter === 'k') return 'new_message';
    if (letter === 'f' && key.shiftKey) return 'search_thread';
    return key.key === '/' ? 'help' : null;
  }
  return (singleKeys && !isTyping && SINGLE_KEY_SHORTCUTS[key.key]) || null;
}

/** {@link shortcutOf} on this device, with the person's choice. */
export const shortcutAt = (key: ShortcutKey, isTyping: boolean): ShortcutAction | null =>
  shortcutOf(key, { isTyping, singleKeys: readSingleKeys(), onMac: isMac() });

/** A key’s letter, in lower case. On a keyboard of another script, that which Latin keyboards have in its place. */
export function letterOf({ key, code }: Pick<ShortcutKey, 'key' | 'code'>): string {
  const [, latin] = /^[\0-\x7f]+$/.test(key) ? [] : (/^Key([A-Z])$/.exec(code) ?? []);
  return (latin ?? key).toLowerCase();
}

/** Calls what is given for a shortcut; others are left to the browser, and to the rest of the page. */
export function useShortcuts(handlers: Partial<Record<ShortcutAction, () => void>>): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const action = shortcutAt(event, isEditable(event.target));
    const handler = action === null ? undefined : handlers[action];
    if (handler === undefined) return;
    event.preventDefault();
    handler();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

/** The group next to the open one; if none is open, the first or the last. */
export function neighbour(uuids: readonly string[], open: string | undefined, step: 1 | -1): string | undefined {
  const index = open === undefined ? -1 : uuids.indexOf(open);
  if (index === -1) return step === 1 ? uuids[0] : uuids.at(-1);
  return uuids[index + step];
}

/** The nearest wanted group after the open one, or before it; behind the end of the list, the search goes on at its other end. */
export function neighbourAmong(
  uuids: readonly string[],
  open: string | undefined,
  step: 1 | -1,
  isWanted: (uuid: string) => boolean,
): string | undefined {
  const index = open === undefined ? -1 : uuids.indexOf(open);
  const before = uuids.slice(0, Math.max(index, 0));
  const after = uuids.slice(index + 1);
  const others = [...after, ...before];
  return step === 1 ? others.find(isWanted) : others.findLast(isWanted);
}

// A preference of this browser: sign-out keeps it.
const SINGLE_KEYS = 'single-keys';

/** Whether single characters are shortcuts. Speech input and shaky hands trigger them by accident (WCAG 2.1.4). */
export const readSingleKeys = (): boolean => localStore.get(SINGLE_KEYS) !== 'off';
export const writeSingleKeys = (on: boolean): void => localStore.set(SINGLE_KEYS, on ? null : 'off');

/** A Mac, or an iPad with a keyboard. There Ctrl and a letter edit text, and Cmd is the shortcut key. */
export const isMac = (): boolean => /^(Mac|iP)/.test(navigator.platform);

const MAC_KEYS: Record<string, string> = { Ctrl: 'Cmd', Alt: 'Option' };
const NAMED_KEYS = ['Ctrl', 'Alt', 'Shift', 'Enter', 'Esc', 'Delete', 'Backspace'] as const;

/** What is on a key of a keyboard in the page's language. */
export function keyName(key: string, onMac: boolean): string {
  if (onMac && MAC_KEYS[key] !== undefined) return MAC_KEYS[key];
  const named = NAMED_KEYS.find((each) => each === key);
  return named === undefined ? key : t(`app.key.${named}`);
}
