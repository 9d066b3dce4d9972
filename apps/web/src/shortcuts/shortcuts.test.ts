import { describe, expect, it } from 'vitest';
import { keyName, neighbour, neighbourAmong, type ShortcutKey, shortcutOf } from './shortcuts.ts';

const press = (key: string, held: Partial<ShortcutKey> = {}): ShortcutKey => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...held,
});
const reading = { isTyping: false, singleKeys: true, onMac: false };
const typing = { ...reading, isTyping: true };
const typingOnMac = { ...typing, onMac: true };

describe('shortcutOf', () => {
  it('moves between conversations, also while typing', () => {
    expect(shortcutOf(press('ArrowDown', { altKey: true }), typing)).toBe('next_group');
    expect(shortcutOf(press('ArrowUp', { altKey: true }), typing)).toBe('previous_group');
    const held = { altKey: true, shiftKey: true };
    expect(shortcutOf(press('ArrowDown', held), typing)).toBe('next_unread');
    expect(shortcutOf(press('ArrowUp', held), typing)).toBe('previous_unread');
  });

  it('opens the picker with Ctrl+K', () => {
    expect(shortcutOf(press('k', { ctrlKey: true }), typing)).toBe('new_message');
    expect(shortcutOf(press('K', { ctrlKey: true }), reading)).toBe('new_message');
  });

  it('searches in the conversation with Ctrl+Shift+F, or Cmd+Shift+F on a Mac', () => {
    expect(shortcutOf(press('F', { ctrlKey: true, shiftKey: true }), typing)).toBe('search_thread');
    expect(shortcutOf(press('f', { metaKey: true, shiftKey: true }), typingOnMac)).toBe('search_thread');
    // The browser's own search.
    expect(shortcutOf(press('f', { ctrlKey: true }), typing)).toBeNull();
  });

  it('knows the letters of keyboards of other scripts by their place, and of Latin ones by what is on them', () => {
    const held = { ctrlKey: true, shiftKey: true };
    expect(shortcutOf(press('А', { code: 'KeyF', ...held }), typing)).toBe('search_thread');
    expect(shortcutOf(press('λ', { code: 'KeyK', ctrlKey: true }), typing)).toBe('new_message');
    // Dvorak.
    expect(shortcutOf(press('U', { code: 'KeyF', ...held }), typing)).toBeNull();
  });

  it('uses Cmd on a Mac, where Ctrl+K deletes to the end of the line', () => {
    expect(shortcutOf(press('k', { metaKey: true }), typingOnMac)).toBe('new_message');
    expect(shortcutOf(press('/', { metaKey: true }), typingOnMac)).toBe('help');
    expect(shortcutOf(press('k', { ctrlKey: true }), typingOnMac)).toBeNull();
    expect(shortcutOf(press('k', { metaKey: true }), typing)).toBeNull();
  });

  it('opens the help with ?, which is text in a field and can be switched off', () => {
    expect(shortcutOf(press('?'), reading)).toBe('help');
    expect(shortcutOf(press('?'), typing)).toBeNull();
    expect(shortcutOf(press('?'), { ...reading, singleKeys: false })).toBeNull();
  });

  it('searches with /, which is text in a field and can be switched off', () => {
    expect(shortcutOf(press('/'), reading)).toBe('search');
    expect(shortcutOf(press('/'), typing)).toBeNull();
    expect(shortcutOf(press('/'), { ...reading, singleKeys: false })).toBeNull();
  });

  it('opens the help with Ctrl and / everywhere', () => {
    expect(shortcutOf(press('/', { ctrlKey: true }), typing)).toBe('help');
  });

  it.each([
    press('a'),
    press('ArrowDown'),
    press('ArrowDown', { altKey: true, ctrlKey: true }),
    press('k', { altKey: true }),
    press('?', { isComposing: true }),
  ])('ignores %j', (key) => {
    expect(shortcutOf(key, reading)).toBeNull();
  });
});

describe('keyName', () => {
  it('is the label of the key', () => {
    expect(['Ctrl', 'Alt', 'K'].map((key) => keyName(key, true))).toEqual(['Cmd', 'Option', 'K']);
    expect(['Ctrl', 'Alt', 'K'].map((key) => keyName(key, false))).toEqual(['Ctrl', 'Alt', 'K']);
  });
});

describe('neighbour', () => {
  const uuids = ['a', 'b', 'c'];

  it('steps down and up the list, and stops at its ends', () => {
    expect([neighbour(uuids, 'a', 1), neighbour(uuids, 'b', -1)]).toEqual(['b', 'a']);
    expect([neighbour(uuids, 'c', 1), neighbour(uuids, 'a', -1)]).toEqual([undefined, undefined]);
  });

  it('starts at an end if nothing is open', () => {
    expect([neighbour(uuids, undefined, 1), neighbour(uuids, 'gone', -1)]).toEqual(['a', 'c']);
    expect(neighbour([], undefined, 1)).toBeUndefined();
  });
});

describe('neighbourAmong', () => {
  const among = (open: string | undefined, step: 1 | -1, wanted: string) =>
    neighbourAmong(['a', 'b', 'c', 'd'], open, step, (uuid) => wanted.includes(uuid));

  it('steps to the next one that is wanted, and past the end of the list to its other end', () => {
    expect([among('a', 1, 'cd'), among('c', 1, 'ab'), among('d', 1, 'b')]).toEqual(['c', 'a', 'b']);
    expect([among('d', -1, 'ab'), among('b', -1, 'cd'), among('a', -1, 'bc')]).toEqual(['b', 'd', 'c']);
  });

  it('starts at an end if nothing is open, and never finds the open one', () => {
    expect([among(undefined, 1, 'bc'), among(undefined, -1, 'bc'), among('b', 1, 'b')]).toEqual(['b', 'c', undefined]);
  });
});
