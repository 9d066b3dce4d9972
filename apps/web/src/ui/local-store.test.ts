// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { createLocalStore, removeKeys } from './local-store.ts';

beforeEach(() => localStorage.clear());

describe('createLocalStore', () => {
  it('keeps text under our prefix, over reloads', () => {
    createLocalStore(localStorage, window).set('draft:1:a', 'text');
    localStorage.setItem('foreign', 'x');
    const reloaded = createLocalStore(localStorage, window);
    expect(reloaded.get('draft:1:a')).toBe('text');
    expect(reloaded.keys('')).toEqual(['draft:1:a']);
  });

  it('goes on from memory what storage does not take', () => {
    const full = Object.create(localStorage, {
      getItem: { value: () => null },
      setItem: {
        value: () => {
          throw new DOMException('full', 'QuotaExceededError');
        },
      },
      removeItem: { value: () => undefined },
    }) as Storage;
    const store = createLocalStore(full, window);
    store.set('a', '1');
    expect([store.get('a'), store.keys('')]).toEqual(['1', ['a']]);
    store.set('a', null);
    expect(store.get('a')).toBeNull();
  });

  it('tells what another tab changed, and nothing of others’ keys', () => {
    const heard: (string | null)[] = [];
    const stop = createLocalStore(localStorage, window).onOtherTab((key) => heard.push(key));
    const tell = (key: string | null) =>
      window.dispatchEvent(new StorageEvent('storage', { key, storageArea: localStorage }));
    tell('cruddur:a');
    tell('foreign');
    tell(null);
    stop();
    tell('cruddur:b');
    expect(heard).toEqual(['a', null]);
  });

  it('removes all keys of one person and no other', () => {
    const store = createLocalStore(localStorage, window);
    store.set('draft:1:a', 'x');
    store.set('draft:2:a', 'y');
    removeKeys(store, 'draft:1:');
    expect(store.keys('')).toEqual(['draft:2:a']);
  });
});
