import { describe, expect, it } from 'vitest';
import { makeLocalStore } from '../testing.ts';
import { createSeenStore } from './seen-store.ts';

const EARLY = '2026-11-20T08:15:30.000000Z';
const LATE = '2026-11-20T08:15:31.000000Z';

describe('what a device has shown', () => {
  it('begins with what was there at the first visit, and is kept over reloads', () => {
    const { store: local } = makeLocalStore();
    createSeenStore(local, 'me').begin(EARLY);
    createSeenStore(local, 'me').begin(LATE);
    expect(createSeenStore(local, 'me').seen().since).toBe(EARLY);
  });

  it('begins before everything where there was nothing', () => {
    const store = createSeenStore(makeLocalStore().store, 'me');
    store.begin(undefined);
    expect(Date.parse(store.seen().since ?? '')).toBe(0);
  });

  it('never moves backwards, and belongs to one person', () => {
    const { store: local } = makeLocalStore();
    const store = createSeenStore(local, 'me');
    store.mark('group', LATE);
    store.mark('group', EARLY);
    expect(createSeenStore(local, 'me').seen().upTo('group')).toBe(LATE);
    expect(createSeenStore(local, 'you').seen().upTo('group')).toBeUndefined();
  });
});
