import { describe, expect, it } from 'vitest';
import type { ShortcutKey } from '../../shortcuts/shortcuts.ts';
import { messageKeyAction } from './message-keys.ts';

const press = (key: string, overrides: Partial<ShortcutKey> = {}): ShortcutKey => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...overrides,
});
const ON = { singleKeys: true, onMessage: true };

describe('messageKeyAction', () => {
  it.each([
    ['r', 'reply'],
    ['R', 'reply'],
    ['e', 'edit'],
    ['+', 'react'],
    ['c', 'copy'],
    ['l', 'link'],
    ['Delete', 'delete'],
    ['Backspace', 'delete'],
    ['Enter', 'menu'],
    ['x', null],
    ['ArrowUp', null],
  ])('%s: %s', (key, action) => {
    expect(messageKeyAction(press(key), ON)).toBe(action);
  });

  it('leaves keys with a modifier to the browser: Ctrl+C copies the selection, Cmd+R reloads', () => {
    expect(messageKeyAction(press('c', { ctrlKey: true }), ON)).toBeNull();
    expect(messageKeyAction(press('r', { metaKey: true }), ON)).toBeNull();
    expect(messageKeyAction(press('e', { altKey: true }), ON)).toBeNull();
  });

  it('ignores single characters if the person has switched them off, but not Enter and Delete', () => {
    const off = { singleKeys: false, onMessage: true };
    expect(['r', 'e', '+', 'c'].map((key) => messageKeyAction(press(key), off))).toEqual([null, null, null, null]);
    expect(messageKeyAction(press('Enter'), off)).toBe('menu');
    expect(messageKeyAction(press('Delete'), off)).toBe('delete');
  });

  it('leaves Enter and Backspace to a control in the message, which they press', () => {
    const inside = { singleKeys: true, onMessage: false };
    expect(messageKeyAction(press('Enter'), inside)).toBeNull();
    expect(messageKeyAction(press('Backspace'), inside)).toBeNull();
    expect(messageKeyAction(press('r'), inside)).toBe('reply');
  });

  it('ignores keys of an input method', () => {
    expect(messageKeyAction(press('r', { isComposing: true }), ON)).toBeNull();
  });
});
