import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { flattenMessages } from '../cache/lists.ts';
import { toInfiniteData } from '../cache/pages.ts';
import { isRestored, RESTORED_AT } from '../cache/restored.ts';
import { makeMessage, makePage, range } from '../testing.ts';
import type { Message, MessagePage } from '../trpc/types.ts';
import { joinRestored, SHORTENED } from './join-restored.ts';
import { rereadRestored } from './reread.ts';

const messages = (from: number, to: number) => range(from, to).map((minutes) => makeMessage(minutes));

/** A thread's page with the messages of these minutes; `cursor` leads to older ones. */
const pageOf = (from: number, to: number, cursor: string | null = `before ${from}`) =>
  makePage(messages(from, to), { nextCursor: cursor });
const restored = (page: MessagePage) => toInfiniteData([{ ...page, isRestored: true as const }]);
type Data = ReturnType<typeof toInfiniteData<MessagePage>>;
const join = (before: unknown, read: Data) => joinRestored(before, read) as Data;
const texts = (data: Data, live: Message[] = []) => flattenMessages(data, live).map(({ message }) => message);

describe('a thread of an earlier visit', () => {
  it('shows nothing that arrives, since what came before it may be missing', () => {
    const data = restored(pageOf(1, 2));
    expect(texts(data, messages(9, 9))).toEqual(['text 1', 'text 2']);
    expect(texts(join(data, toInfiniteData([pageOf(1, 8)])), messages(9, 9))).toHaveLength(9);
  });

  it('keeps its older messages if the server’s page overlaps with it', () => {
    const joined = join(restored(pageOf(1, 6)), toInfiniteData([pageOf(4, 9)]));
    expect(isRestored(joined)).toBe(false);
    expect(texts(joined)).toEqual(range(1, 9).map((minutes) => `text ${minutes}`));
    expect(joined.pages.map(({ nextCursor }) => nextCursor)).toEqual(['before 4', 'before 1']);
    expect(joined.pageParams).toEqual([undefined, 'before 4']);
  });

  it.each([
    ['does not overlap', pageOf(1, 3), pageOf(4, 9)],
    ['was shortened', pageOf(1, 6, SHORTENED), pageOf(4, 9)],
    ['has more than the thread has now', pageOf(1, 6), pageOf(4, 9, null)],
    ['has nothing older', pageOf(4, 6), pageOf(4, 9)],
  ])('is replaced if it %s', (_, before, read) => {
    expect(join(restored(before), toInfiniteData([read]))).toEqual(toInfiniteData([read]));
  });

  it('shares the messages that have not changed', () => {
    const data = restored(pageOf(1, 6));
    const read = structuredClone(toInfiniteData([pageOf(1, 6)]));
    expect(join(data, read).pages[0]?.items).toBe(data.pages[0]?.items);
  });
});

describe('rereadRestored', () => {
  it('invalidates what is restored, and nothing else', async () => {
    const client = new QueryClient();
    client.setQueryData(['settings'], {}, { updatedAt: RESTORED_AT });
    client.setQueryData(['thread'], restored(pageOf(1, 2)));
    client.setQueryData(['current'], toInfiniteData([pageOf(1, 2)]));
    await rereadRestored(client);
    const isInvalidated = (key: string) => client.getQueryState([key])?.isInvalidated;
    expect(['settings', 'thread', 'current'].map(isInvalidated)).toEqual([true, true, false]);
  });
});
