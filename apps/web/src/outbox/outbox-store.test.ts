import { describe, expect, it, vi } from 'vitest';
import { makeItem, makeLocalStore, makeMessage } from '../testing.ts';
import { createOutboxStore } from './outbox-store.ts';

const ids = (store: ReturnType<typeof createOutboxStore>) => store.items().map((item) => item.clientMessageUuid);

describe('createOutboxStore', () => {
  it('keeps items across a reload, separately for each person', () => {
    const { store } = makeLocalStore();
    createOutboxStore(store, 'andrew').put(makeItem(1));
    expect(ids(createOutboxStore(store, 'andrew'))).toEqual(['item-001']);
    expect(ids(createOutboxStore(store, 'bayko'))).toEqual([]);
  });

  it('loses nothing when two tabs write at once', () => {
    const { store } = makeLocalStore();
    const [one, two] = [createOutboxStore(store, 'andrew'), createOutboxStore(store, 'andrew')];
    one.put(makeItem(1));
    two.put(makeItem(2));
    one.refresh();
    expect(ids(one)).toEqual(['item-001', 'item-002']);
  });

  it('follows another tab while someone listens', () => {
    const { store, changeInOtherTab } = makeLocalStore();
    const outbox = createOutboxStore(store, 'andrew');
    const listener = vi.fn();
    const stop = outbox.subscribe(listener);
    createOutboxStore(store, 'andrew').put(makeItem(1));
    changeInOtherTab('outbox:andrew:item-001');
    changeInOtherTab('draft:andrew:group');
    expect(listener).toHaveBeenCalledTimes(1);
    expect(ids(outbox)).toEqual(['item-001']);
    stop();
    changeInOtherTab(null);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('returns the same array until something changes', () => {
    const outbox = createOutboxStore(makeLocalStore().store, 'andrew');
    expect(outbox.items()).toBe(outbox.items());
  });

  it('moves a person’s waiting messages to the group', () => {
    const { store } = makeLocalStore();
    const outbox = createOutboxStore(store, 'andrew');
    outbox.put(makeItem(1, { target: { handle: 'loren' } }));
    outbox.retarget('Loren', 'new-group');
    expect(outbox.items()[0]?.target).toEqual({ messageGroupUuid: 'new-group' });
  });

  it('keeps a change and continues when a subscriber throws', () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const outbox = createOutboxStore(makeLocalStore().store, 'andrew');
    const listener = vi.fn();
    outbox.subscribe(() => {
      throw new Error('a bug in a subscriber');
    });
    outbox.subscribe(listener);
    outbox.put(makeItem(1));
    expect(ids(outbox)).toEqual(['item-001']);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockRestore();
  });

  it('removes what was acknowledged when a page opens', () => {
    const { store } = makeLocalStore();
    createOutboxStore(store, 'andrew').put(makeItem(1, { sent: makeMessage(1) }));
    expect(ids(createOutboxStore(store, 'andrew'))).toEqual([]);
    expect(store.keys('')).toEqual([]);
  });

  it('shows only the newer of two ids, and removes the older when a page opens', () => {
    const { store } = makeLocalStore();
    const outbox = createOutboxStore(store, 'andrew');
    outbox.put(makeItem(2, { replaces: 'item-001' }));
    // As if the page had closed between the two writes.
    outbox.put(makeItem(1));
    expect(ids(outbox)).toEqual(['item-002']);
    expect(ids(createOutboxStore(store, 'andrew'))).toEqual(['item-002']);
    expect(store.keys('')).toEqual(['outbox:andrew:item-002']);
  });

  it('skips items that it cannot parse', () => {
    const { store } = makeLocalStore({ 'outbox:andrew:x': '{"old":true}' });
    expect(ids(createOutboxStore(store, 'andrew'))).toEqual([]);
  });
});
