import { describe, expect, it, vi } from 'vitest';
import { makeEdit, makeItem, makeLocalStore, makeMessage } from '../testing.ts';
import { createChangeStore } from './change-store.ts';
import { createDrafts } from './drafts.ts';
import { createOutboxStore } from './outbox-store.ts';
import { openUnsentStorage, wipeUnsent } from './unsent-storage.ts';

const GROUP = { messageGroupUuid: 'g' };

describe('openUnsentStorage', () => {
  it('keeps what was written until a sign-out: across reloads, an expired session, and someone else’s visit', () => {
    const { store: local } = makeLocalStore();
    createDrafts(openUnsentStorage(local).store, 'andrew', Date.now).set(GROUP, 'half a thought');
    createDrafts(openUnsentStorage(local).store, 'bayko', Date.now).set(GROUP, 'another');
    expect(createDrafts(openUnsentStorage(local).store, 'andrew', Date.now).get(GROUP)).toBe('half a thought');
  });

  it('is empty for everyone after anyone’s sign-out', () => {
    const { store: local } = makeLocalStore({ 'notify:andrew': 'on' });
    createDrafts(openUnsentStorage(local).store, 'andrew', Date.now).set(GROUP, 'half a thought');
    createOutboxStore(openUnsentStorage(local).store, 'bayko').put(makeItem(1));
    createChangeStore(openUnsentStorage(local).store, 'bayko').put(makeEdit(1));
    wipeUnsent(local);
    expect(local.keys('')).toEqual(['notify:andrew']);
  });

  it('stores nothing after a sign-out: no draft of another tab, no late answer, not even once someone has signed in again', () => {
    const { store: local } = makeLocalStore();
    const otherTab = openUnsentStorage(local).store;
    const [drafts, outbox] = [createDrafts(otherTab, 'andrew', Date.now), createOutboxStore(otherTab, 'andrew')];
    const writeLate = () => {
      drafts.set(GROUP, 'typing on');
      outbox.put(makeItem(1, { failure: { reason: 'no_answer', permanent: false } }));
      outbox.put(makeItem(2, { sent: makeMessage(2) }));
    };
    outbox.put(makeItem(1));
    wipeUnsent(local);
    writeLate();
    expect(local.keys('')).toEqual([]);
    const again = openUnsentStorage(local).store;
    writeLate();
    expect([again.keys('draft:'), again.keys('outbox:')]).toEqual([[], []]);
    createDrafts(again, 'andrew', Date.now).set(GROUP, 'new');
    expect(createDrafts(again, 'andrew', Date.now).get(GROUP)).toBe('new');
    expect([drafts.get(GROUP), otherTab.keys('draft:')]).toEqual(['', []]);
  });

  it('wipes what was written just before another tab’s sign-out became known', () => {
    const { store: local, changeInOtherTab } = makeLocalStore();
    const reopened = vi.fn();
    const stop = openUnsentStorage(local).follow(reopened);
    wipeUnsent(local);
    local.set('draft:andrew:g', 'typed in that instant');
    changeInOtherTab('written');
    expect(local.keys('')).toEqual([]);
    stop();
    expect(reopened).not.toHaveBeenCalled();
  });

  it('reports that people have signed out and in again meanwhile', () => {
    const { store: local, changeInOtherTab } = makeLocalStore();
    const reopened = vi.fn();
    openUnsentStorage(local).follow(reopened);
    changeInOtherTab('draft:andrew:g');
    changeInOtherTab(null);
    expect(reopened).not.toHaveBeenCalled();
    wipeUnsent(local);
    openUnsentStorage(local);
    changeInOtherTab('written');
    expect(reopened).toHaveBeenCalledTimes(1);
    changeInOtherTab(null);
    expect(reopened).toHaveBeenCalledTimes(2);
  });
});
