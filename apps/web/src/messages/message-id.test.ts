import { version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { createMessageIdSource } from './message-id.ts';

const timeOf = (uuid: string) => Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);

describe('createMessageIdSource', () => {
  it('makes version 7 ids of the server’s time', () => {
    const id = createMessageIdSource(() => 1_795_162_530_123.7)();
    expect(version(id)).toBe(7);
    expect(timeOf(id)).toBe(1_795_162_530_123);
  });

  it('makes each id later in order than the one before, in one millisecond and when the clock steps back', () => {
    const times = [1000, 1000, 1000, 400, 900, 1001];
    const nextId = createMessageIdSource(() => times.shift() ?? 2000);
    const ids = Array.from({ length: 6 }, nextId);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(6);
  });

  it('makes different ids in two tabs at the same instant', () => {
    const now = () => 1000;
    expect(createMessageIdSource(now)()).not.toBe(createMessageIdSource(now)());
  });
});
