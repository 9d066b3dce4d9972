import { describe, expect, it } from 'vitest';
import { type ComposerKey, sendsOnEnter } from './composer-keys.ts';

const press = (overrides: Partial<ComposerKey> = {}): ComposerKey => ({
  key: 'Enter',
  keyCode: 13,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isComposing: false,
  ...overrides,
});

describe('sendsOnEnter', () => {
  it('sends on Enter, and on Ctrl or Cmd with it', () => {
    expect(sendsOnEnter(press(), true)).toBe(true);
    expect(sendsOnEnter(press({ ctrlKey: true }), true)).toBe(true);
    expect(sendsOnEnter(press({ metaKey: true }), true)).toBe(true);
  });

  it('breaks the line on Shift and Enter', () => {
    expect(sendsOnEnter(press({ shiftKey: true }), true)).toBe(false);
  });

  it('leaves Enter to an input method', () => {
    expect(sendsOnEnter(press({ isComposing: true, keyCode: 229 }), true)).toBe(false);
  });

  it('leaves the Enter to it that Safari tells of after the composition has ended', () => {
    expect(sendsOnEnter(press({ isComposing: false, keyCode: 229 }), true)).toBe(false);
  });

  it('breaks the line on a phone’s Enter, where the button sends', () => {
    expect(sendsOnEnter(press(), false)).toBe(false);
    expect(sendsOnEnter(press({ ctrlKey: true }), false)).toBe(true);
  });

  it('lets other keys be', () => {
    expect(sendsOnEnter(press({ key: 'a', keyCode: 65 }), true)).toBe(false);
  });
});
