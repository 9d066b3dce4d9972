import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { at, makeMessage } from '../testing.ts';
import { NEWEST_GROUPS_KEY } from './message-groups-keys.ts';
import { newestMessagesKey } from './messages-keys.ts';
import { moveAnchors } from './move-anchors.ts';

const KEY = newestMessagesKey('group');

/** A cache in which list and thread were read when message 5 was the newest. */
function setUp() {
  const client = new QueryClient();
  client.setQueryData(KEY, makeMessage(5));
  client.setQueryData(NEWEST_GROUPS_KEY, at(5));
  const anchors = () => [client.getQueryData(KEY), client.getQueryData(NEWEST_GROUPS_KEY)];
  return { client, anchors };
}

describe('moveAnchors', () => {
  it('moves them to what the stream has given, never back', () => {
    const { client, anchors } = setUp();
    moveAnchors(client, makeMessage(7));
    moveAnchors(client, makeMessage(6));
    expect(anchors()).toEqual([makeMessage(7), at(7)]);
  });

  it('leaves them where there is a gap to be closed', async () => {
    const { client, anchors } = setUp();
    await client.invalidateQueries();
    moveAnchors(client, makeMessage(7));
    expect(anchors()).toEqual([makeMessage(5), at(5)]);
    expect(client.getQueryState(KEY)?.isInvalidated).toBe(true);
  });

  it('makes none for a thread that is not loaded', () => {
    const { client } = setUp();
    moveAnchors(client, makeMessage(7, { messageGroupUuid: 'other' }));
    expect(client.getQueryData(newestMessagesKey('other'))).toBeUndefined();
  });
});
