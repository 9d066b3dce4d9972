import { describe, expect, it } from 'vitest';
import { createEventQueue } from './event-queue.ts';

async function read<T>(queue: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

describe('an event queue', () => {
  it('yields events in order, whether pushed before or during reading', async () => {
    const queue = createEventQueue<number>(10);
    queue.push(1);
    const seen: number[] = [];
    const readOn = async () => {
      for await (const item of queue) {
        seen.push(item);
        if (item === 3) queue.end();
      }
    };
    const pushMore = async () => {
      await expect.poll(() => seen).toEqual([1]);
      queue.push(2);
      queue.push(3);
    };
    await Promise.all([readOn(), pushMore()]);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('refuses events when it is full', () => {
    const queue = createEventQueue<number>(2);
    expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
  });

  it('releases a waiting reader when it ends or fails', async () => {
    const ended = createEventQueue<number>(2);
    const failed = createEventQueue<number>(2);
    const readings = Promise.allSettled([read(ended), read(failed)]);
    ended.end();
    failed.fail(new Error('dropped'));
    expect(await readings).toEqual([
      { status: 'fulfilled', value: [] },
      { status: 'rejected', reason: new Error('dropped') },
    ]);
  });

  it('drops its events when it fails, and accepts no more', async () => {
    const queue = createEventQueue<number>(2);
    queue.push(1);
    queue.fail(new Error('dropped'));
    expect(queue.push(2)).toBe(false);
    await expect(read(queue)).rejects.toThrow('dropped');
  });
});
