import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { receiveMessage } from '../cache/edits.ts';
import { toInfiniteData } from '../cache/pages.ts';
import { makeGroup, makeMessage, makePage } from '../testing.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import { loadedThreads } from './loaded-threads.ts';

const BAYKO = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };
const LONDO = { handle: 'londo', displayName: 'Londo Mollari' };

it('returns all messages that are loaded or have arrived, and the other person of each conversation', () => {
  const client = new QueryClient();
  const load = (input: { messageGroupUuid: string; around?: string }, minutes: number) => {
    const { messageGroupUuid } = input;
    const items = [makeMessage(minutes, { messageGroupUuid })];
    client.setQueryData(trpcKeys.messages.list.infiniteQueryKey(input), toInfiniteData([makePage(items)]));
  };
  load({ messageGroupUuid: 'one' }, 2);
  load({ messageGroupUuid: 'one', around: 'then' }, 1);
  load({ messageGroupUuid: 'other' }, 3);
  const list = toInfiniteData([{ items: [makeGroup('listed', 1, LONDO)], nextCursor: null }]);
  client.setQueryData(trpcKeys.messageGroups.list.infiniteQueryKey({}), list);
  receiveMessage(client, 'me', makeMessage(4, { messageGroupUuid: 'one' }), BAYKO);
  receiveMessage(client, 'me', makeMessage(5, { messageGroupUuid: 'listed' }));

  const { messages, people } = loadedThreads(client);
  expect(messages.map(({ uuid }) => uuid).sort()).toEqual([1, 2, 3, 4, 5].map((minutes) => `message-${minutes}`));
  expect(people.get('other')).toEqual(BAYKO);
  expect(people.get('listed')).toMatchObject(LONDO);
});
