import { describe, expect, it } from 'vitest';
import { makeItem } from '../testing.ts';
import { nextToSend, parseOutboxItem, sortItems, targetKey } from './outbox-item.ts';

const nobodyHeld = () => false;
const other = { messageGroupUuid: 'other' };
const refused = { reason: 'message_group_not_found', permanent: true } as const;

describe('nextToSend', () => {
  it('is the first of the queue', () => {
    expect(nextToSend([makeItem(1), makeItem(2)], nobodyHeld)?.clientMessageUuid).toBe('item-001');
  });

  it('holds messages back behind a refused one, but not those of other conversations', () => {
    const items = [makeItem(1, { failure: refused }), makeItem(2), makeItem(3, { target: other })];
    expect(nextToSend(items, nobodyHeld)?.clientMessageUuid).toBe('item-003');
  });

  it('is an unanswered message again, unless its conversation waits', () => {
    const items = [makeItem(1, { failure: { reason: 'no_answer', permanent: false } }), makeItem(2)];
    expect(nextToSend(items, nobodyHeld)?.clientMessageUuid).toBe('item-001');
    expect(nextToSend(items, (key) => key === 'group')).toBeUndefined();
  });
});

describe('sortItems', () => {
  it('orders by the device’s clock, which all tabs share, then by id', () => {
    const ofTwoTabs = [makeItem(3, { writtenAt: 20 }), makeItem(1, { writtenAt: 30 }), makeItem(2, { writtenAt: 10 })];
    expect(sortItems(ofTwoTabs).map((item) => item.writtenAt)).toEqual([10, 20, 30]);
  });

  it('orders what one tab wrote at once by id', () => {
    const ids = sortItems([3, 1, 2].map((number) => makeItem(number, { writtenAt: 7 }))).map(
      (item) => item.clientMessageUuid,
    );
    expect(ids).toEqual(['item-001', 'item-002', 'item-003']);
  });
});

describe('parseOutboxItem', () => {
  it('reads back what was stored', () => {
    for (const item of [makeItem(1), makeItem(2, { failure: refused, target: { handle: 'loren' } })]) {
      expect(parseOutboxItem(JSON.stringify(item))).toEqual(item);
    }
  });

  it.each([null, '', '{', '1', 'null', '{}'])('refuses %j', (text) => {
    expect(parseOutboxItem(text)).toBeNull();
  });

  it.each([
    { target: {} },
    { failure: undefined },
    { failure: 'no_answer' },
    { sent: undefined },
    { sent: true },
    { person: 'loren' },
    { person: { handle: 'loren' } },
  ])('refuses an item with %j, which the page could not show', (damage) => {
    expect(parseOutboxItem(JSON.stringify({ ...makeItem(1), ...damage }))).toBeNull();
  });
});

describe('targetKey', () => {
  it('distinguishes people from groups', () => {
    expect(targetKey({ handle: 'Loren' })).toBe('@loren');
    expect(targetKey({ handle: '\u212aelvin' })).not.toBe('@kelvin');
    expect(targetKey({ messageGroupUuid: 'loren' })).toBe('loren');
  });
});
