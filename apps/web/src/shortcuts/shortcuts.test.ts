import { describe, expect, it } from 'vitest';
import { neighbour, type ShortcutKey, shortcutOf } from './shortcuts.ts';

const press = (key: string, held: Partial<ShortcutKey> = {}): ShortcutKey => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...held,
});
const reading = { isTyping: false, singleKeys: true };
const typing = { isTyping: true, singleKeys: true };

describe('shortcutOf', () => {
  it('moves between conversations, also while typing', () => {
    expect(shortcutOf(press('ArrowDown', { altKey: true }), typing)).toBe('next_group');
    expect(shortcutOf(press('ArrowUp', { altKey: true }), typing)).toBe('previous_group');
  });

  it('opens the picker with Ctrl or Cmd and K', () => {
    expect(shortcutOf(press('k', { ctrlKey: true }), typing)).toBe('new_message');
    expect(shortcutOf(press('K', { metaKey: true }), reading)).toBe('new_message');
  });

  it('opens the help with ?, which is text in a field and can be switched off', () => {
    expect(shortcutOf(press('?'), reading)).toBe('help');
    expect(shortcutOf(press('?'), typing)).toBeNull();
    expect(shortcutOf(press('?'), { isTyping: false, singleKeys: false })).toBeNull();
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
  ])('leaves %j be', (key) => {
    expect(shortcutOf(key, reading)).toBeNull();
  });
});

describe('neighbour', () => {
  const uuids = ['a', 'b', 'c'];

  it('steps down and up the list, and stops at its ends', () => {
    expect([neighbour(uuids, 'a', 1), neighbour(uuids, 'b', -1)]).toEqual(['b', 'a']);
    expect([neighbour(uuids, 'c', 1), neighbour(uuids, 'a', -1)]).toEqual([undefined, undefined]);
  });

  it('begins at an end where nothing is open', () => {
    expect([neighbour(uuids, undefined, 1), neighbour(uuids, 'gone', -1)]).toEqual(['a', 'c']);
    expect(neighbour([], undefined, 1)).toBeUndefined();
  });
});
