// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLocalStore, removeKeys } from './local-store.ts';

beforeEach(() => localStorage.clear());

const create = (storage = () => localStorage) => createLocalStore('cruddur:', storage);

/** Storage without room for anything more. */
const full = () =>
  Object.create(localStorage, {
    getItem: { value: () => null },
    setItem: {
      value: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    },
    removeItem: { value: () => undefined },
  }) as Storage;

const blocked = (): Storage => {
  throw new DOMException('blocked', 'SecurityError');
};

describe('createLocalStore', () => {
  it('keeps text under our prefix across reloads', () => {
    create().set('draft:1:a', 'text');
    localStorage.setItem('foreign', 'x');
    const reloaded = create();
    expect(reloaded.get('draft:1:a')).toBe('text');
    expect(reloaded.keys('')).toEqual(['draft:1:a']);
    expect(reloaded.isStored()).toBe(true);
  });

  it.each([
    ['is full', full],
    ['is blocked', blocked],
    ['is missing', () => null as unknown as Storage],
  ])('works from memory if storage %s, and reports that', (_, storage) => {
    const store = create(storage);
    const changed = vi.fn();
    store.onStoredChange(changed);
    const stop = store.onOtherTab(changed);
    store.set('a', '1');
    expect([store.get('a'), store.keys(''), store.isStored()]).toEqual(['1', ['a'], false]);
    store.set('a', null);
    expect([store.get('a'), store.keys(''), store.isStored()]).toEqual([null, [], true]);
    expect(changed).toHaveBeenCalledTimes(2);
    stop();
  });

  it('reports what another tab changed, and no keys of others', () => {
    const heard: (string | null)[] = [];
    const stop = create().onOtherTab((key) => heard.push(key));
    const changeInOtherTab = (key: string | null) =>
      window.dispatchEvent(new StorageEvent('storage', { key, storageArea: localStorage }));
    changeInOtherTab('cruddur:a');
    changeInOtherTab('foreign');
    changeInOtherTab(null);
    window.dispatchEvent(new StorageEvent('storage', { key: 'cruddur:c', storageArea: sessionStorage }));
    stop();
    changeInOtherTab('cruddur:b');
    expect(heard).toEqual(['a', null]);
  });

  it('reports that anything may have changed when the browser restores a page from the back/forward cache', () => {
    const heard = vi.fn();
    const stop = create().onOtherTab(heard);
    const show = (persisted: boolean) => window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
    show(false);
    expect(heard).not.toHaveBeenCalled();
    show(true);
    expect(heard).toHaveBeenCalledExactlyOnceWith(null);
    stop();
  });

  it('removes all keys of one person and no other', () => {
    const store = create();
    store.set('draft:1:a', 'x');
    store.set('draft:2:a', 'y');
    removeKeys(store, 'draft:1:');
    expect(store.keys('')).toEqual(['draft:2:a']);
  });
});
