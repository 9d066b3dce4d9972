import { describe, expect, it } from 'vitest';
import { isMenuKey } from './group-keys.ts';

const key = (name: string, held: Partial<Parameters<typeof isMenuKey>[0]> = {}) =>
  isMenuKey({
    key: name,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    isComposing: false,
    ...held,
  });

describe('isMenuKey', () => {
  it('is the Menu key, Shift and F10, or Alt and Enter', () => {
    expect(key('ContextMenu')).toBe(true);
    expect(key('F10', { shiftKey: true })).toBe(true);
    expect(key('Enter', { altKey: true })).toBe(true);
  });

  it('leaves other keys to the browser', () => {
    expect(key('Enter')).toBe(false);
    expect(key('F10')).toBe(false);
    expect(key('F10', { shiftKey: true, ctrlKey: true })).toBe(false);
    expect(key('Enter', { altKey: true, shiftKey: true })).toBe(false);
  });
});
