import { describe, expect, it } from 'vitest';
import { quoteOf } from '../cache/message-copies.ts';
import type { OutboxItem } from '../outbox/outbox-item.ts';
import { at, makeItem, makeMessage, range } from '../testing.ts';
import type { Message } from '../trpc/types.ts';
import {
  buildThreadRows,
  countTheirs,
  createRowBuilder,
  indexOfMessage,
  isMessageRow,
  lastSeen,
} from './thread-rows.ts';

const mine = { userUuid: 'me', displayName: 'Me' };
type ThreadRowsInput = Parameters<typeof buildThreadRows>[0];

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

function rows(input: Partial<ThreadRowsInput>) {
  return buildThreadRows({ messages: [], outbox: [], myUuid: 'me', dayOf, ...input });
}

/** Each row in short: `day`, or its sender, with `[` where a run begins and `]` where it ends. */
function short(input: Partial<ThreadRowsInput>): string {
  return rows(input)
    .map((row, index, all) => {
      if (row.kind === 'day' || row.kind === 'new') return row.kind;
      const previous = all[index - 1];
      const startsRun = previous === undefined || !isMessageRow(previous) || previous.endsRun;
      return `${startsRun ? '[' : ''}${row.own ? 'me' : 'other'}:${row.kind}${row.endsRun ? ']' : ''}`;
    })
    .join(' ');
}

describe('buildThreadRows', () => {
  it('is empty for an empty thread', () => {
    expect(rows({})).toEqual([]);
  });

  it('begins each day with a row, by the reader’s own calendar', () => {
    const messages = [makeMessage(0), makeMessage(60 * 16 - 1), makeMessage(60 * 16)]; // 08:00, 23:59, 00:00 UTC
    expect(short({ messages })).toBe('day [other:message] [other:message] day [other:message]');
    const eastward = (time: number) => dayOf(time + 3_600_000);
    expect(short({ messages, dayOf: eastward })).toBe('day [other:message] day [other:message other:message]');
  });

  it('shows the quote of an unsent reply as its message is now', () => {
    const target = makeMessage(0, { message: '', deletedAt: at(1), version: 1 });
    const outbox = [makeItem(1, { replyTo: quoteOf(makeMessage(0)) })];
    const [, , reply] = rows({ messages: [target], outbox });
    expect(reply).toMatchObject({ kind: 'pending', replyTo: { excerpt: '', isDeleted: true } });
  });

  it('joins a person’s consecutive messages of five minutes into a run', () => {
    const messages = [
      makeMessage(0),
      makeMessage(2),
      makeMessage(8),
      makeMessage(9, mine),
      makeMessage(10, mine),
      makeMessage(11),
    ];
    expect(short({ messages })).toBe(
      'day [other:message other:message] [other:message] [me:message me:message] [other:message]',
    );
  });

  it('puts unsent messages after all others, in order, including failed ones', () => {
    const failure = { reason: 'no_answer', permanent: false } as const;
    const outbox = [makeItem(3, { failure }), makeItem(4)];
    expect(short({ messages: [makeMessage(1)], outbox })).toBe('day [other:message] [me:failed me:pending]');
  });

  it('marks those that wait behind a refused message, but not those behind one that is retried', () => {
    const refused = { reason: 'message_group_not_found', permanent: true } as const;
    const unanswered = { reason: 'no_answer', permanent: false } as const;
    const waiting = (outbox: OutboxItem[]) =>
      rows({ outbox }).flatMap((row) => (row.kind === 'pending' ? [row.isWaiting] : []));
    expect(waiting([makeItem(1), makeItem(2, { failure: refused }), makeItem(3), makeItem(4)])).toEqual([
      false,
      true,
      true,
    ]);
    expect(waiting([makeItem(1, { failure: unanswered }), makeItem(2)])).toEqual([false]);
  });

  it('shows a message once that is acknowledged and still in the outbox, under the same key', () => {
    const item = makeItem(1);
    const pending = rows({ outbox: [item] }).at(-1);
    const acknowledged = rows({
      messages: [makeMessage(1, { ...mine, uuid: item.clientMessageUuid })],
      outbox: [item],
    });
    expect(acknowledged.filter((row) => row.kind !== 'day')).toHaveLength(1);
    expect(acknowledged.at(-1)).toMatchObject({ kind: 'message', key: pending?.key });
  });

  it('shows what another tab has sent as sent, before the cache has it', () => {
    const sent = makeMessage(1, { ...mine, uuid: 'item-001' });
    expect(short({ outbox: [makeItem(1, { sent })] })).toBe('day [me:message]');
  });

  it('does not repeat a day for a message that a slow clock dates before the last one', () => {
    const messages = [makeMessage(60 * 16)];
    expect(short({ messages, outbox: [makeItem(60 * 15)] })).toBe('day [other:message] [me:pending]');
  });

  it('does not change the height of a row when rows are added above it', () => {
    const newer = [makeMessage(10), makeMessage(11)];
    const heightOf = (row: unknown) => (row as { endsRun: boolean }).endsRun;
    const before = rows({ messages: newer }).filter((row) => row.kind === 'message');
    const below = rows({ messages: [makeMessage(9), ...newer] }).filter((row) => row.kind === 'message');
    expect(below.slice(1).map(heightOf)).toEqual(before.map(heightOf));
  });

  it('shows a message without a valid time, and no day for it', () => {
    expect(short({ messages: [makeMessage(1, { createdAt: 'never' })], dayOf: () => '' })).toBe('[other:message]');
  });

  it('puts the line above the first unread message of the other person, after the day', () => {
    const messages = [makeMessage(0), makeMessage(1, mine), makeMessage(60 * 16), makeMessage(60 * 16 + 1)];
    const withLine = (after: string | null, through = 60 * 17) =>
      short({ messages, unread: { after, through: at(through) } });
    const read = 'day [other:message] [me:message]';
    expect(withLine(at(0))).toBe(`${read} day new [other:message other:message]`);
    expect(withLine(at(60 * 16))).toBe(`${read} day [other:message] new [other:message]`);
    expect(withLine(null)).toBe('day new [other:message] [me:message] day [other:message other:message]');
    // What has arrived since is not above the line.
    expect(withLine(at(0), 1)).toBe(`${read} day [other:message other:message]`);
  });

  it('does not count deleted messages as unread', () => {
    const messages = [makeMessage(0), makeMessage(1, { deletedAt: at(9) }), makeMessage(2)];
    expect(short({ messages, unread: { after: at(0), through: at(2) } })).toBe(
      'day [other:message other:deleted] new [other:message]',
    );
    expect(short({ messages, unread: { after: at(0), through: at(1) } })).not.toContain('new');
  });

  it('joins deleted messages in a row, of either person, within a day', () => {
    const gone = { deletedAt: at(9_000) };
    const messages = [
      makeMessage(0),
      makeMessage(1, gone),
      makeMessage(2, { ...mine, ...gone }),
      makeMessage(3, mine),
      makeMessage(4, { ...mine, ...gone }),
      makeMessage(60 * 16, gone),
    ];
    expect(short({ messages })).toBe('day [other:message] [me:deleted] [me:message me:deleted] day [other:deleted]');
    const [, , joined] = rows({ messages });
    expect(joined).toMatchObject({
      key: 'message-2',
      items: [
        { uuid: 'message-1', own: false },
        { uuid: 'message-2', own: true, time: Date.parse(at(2)) },
      ],
    });
    expect(
      ['message-1', 'message-2', 'message-3', 'none'].map((uuid) =>
        indexOfMessage(rows({ messages }), { uuid, time: '' }),
      ),
    ).toEqual([2, 2, 3, -1]);
    expect([1, 2, 3, 5].map((minute) => indexOfMessage(rows({ messages }), { time: at(minute) }))).toEqual([
      2, 2, 3, -1,
    ]);
  });

  it('keeps the key of a message that is deleted, and of deleted ones when older ones are loaded', () => {
    const gone = makeMessage(5, { deletedAt: at(9) });
    const keys = (messages: Message[]) => rows({ messages }).map((row) => row.key);
    expect(keys([gone])).toEqual(keys([makeMessage(5)]));
    expect(keys([makeMessage(4, { deletedAt: at(9) }), gone])).toEqual(keys([gone]));
  });

  it('recognises a message of only emoji', () => {
    const [, row] = rows({ messages: [makeMessage(1, { message: '🎉' })] });
    expect(row).toMatchObject({ emojiOnly: true, text: '🎉', time: Date.parse(at(1)) });
  });
});

describe('createRowBuilder', () => {
  const thread = (from: number, to: number) => range(from, to).map((count) => makeMessage(count * 10));

  /** The keys of the rows that are not those of the call before. */
  function changed(...threads: Message[][]): string[] {
    const build = createRowBuilder();
    const built = threads.map((messages) => build({ messages, outbox: [], myUuid: 'me', dayOf }));
    const [before = [], after = []] = built.slice(-2);
    return after.filter((row) => !before.includes(row)).map(({ key }) => key);
  }

  it('reuses the other rows when messages are added at either end or between', () => {
    expect(changed(thread(5, 9), thread(5, 10))).toEqual(['message-100']);
    // The day begins earlier.
    expect(changed(thread(5, 9), thread(4, 9))).toEqual(['day:2026-11-20', 'message-40']);
    expect(changed([...thread(1, 3), ...thread(5, 9)], thread(1, 9))).toEqual(['message-40']);
  });

  it('returns the same list if no row has changed', () => {
    const build = createRowBuilder();
    const input = { outbox: [], myUuid: 'me', dayOf };
    expect(build({ messages: thread(1, 3), ...input })).toBe(build({ messages: thread(1, 3), ...input }));
  });
});

describe('countTheirs', () => {
  const messages = [
    makeMessage(1),
    makeMessage(2, mine),
    makeMessage(3),
    makeMessage(4, { deletedAt: at(9) }),
    makeMessage(5),
  ];

  it('counts the messages of the other person after a time, without deleted ones', () => {
    const counts = [0, 1, 3, 5, 9].map((minute) => countTheirs(messages, 'me', Date.parse(at(minute))));
    expect(counts).toEqual([3, 2, 1, 0, 0]);
  });
});

describe('lastSeen', () => {
  const messages = [makeMessage(1, mine), makeMessage(2, mine), makeMessage(3), makeMessage(4, mine)];

  it('is the last own message that the other person has read', () => {
    expect(lastSeen(messages, 'me', at(4))).toEqual({ key: 'message-4', upTo: Date.parse(at(4)) });
    expect(lastSeen(messages, 'me', at(3))?.key).toBe('message-2');
    expect(lastSeen(messages, 'me', at(1))?.key).toBe('message-1');
  });

  it('is undefined if the other person has read no own message', () => {
    expect(lastSeen(messages, 'me', at(0))?.key).toBeUndefined();
    expect(lastSeen(messages, 'me', null)?.key).toBeUndefined();
    expect(lastSeen([makeMessage(1)], 'me', at(1))?.key).toBeUndefined();
  });
});
