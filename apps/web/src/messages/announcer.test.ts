import { describe, expect, it } from 'vitest';
import { makeItem, makeMessage, range } from '../testing.ts';
import { announcement } from './announcer.tsx';
import { buildThreadRows } from './thread-rows.ts';

const failure = { reason: 'no_answer', permanent: false } as const;
const thread = (from: number, to: number, outbox: ReturnType<typeof makeItem>[] = []) =>
  buildThreadRows({ messages: range(from, to).map((minute) => makeMessage(minute)), outbox, myUuid: 'me' });

describe('announcement', () => {
  it('announces sender, text and time', () => {
    expect(announcement(thread(1, 3), thread(1, 4), 'Andrew')).toMatch(/^Andrew: text 4, \d{1,2}:\d{2}/);
  });

  it('does not read out the marks of markup', () => {
    const marked = buildThreadRows({
      messages: [makeMessage(1), makeMessage(2, { message: '**so** _be_ it' })],
      outbox: [],
      myUuid: 'me',
    });
    expect(announcement(thread(1, 1), marked, 'Andrew')).toMatch(/^Andrew: so be it, /);
  });

  it('is silent when the thread opens, and for older messages that are added above', () => {
    expect(announcement([], thread(1, 3), 'Andrew')).toBe('');
    expect(announcement(thread(5, 9), thread(1, 9), 'Andrew')).toBe('');
  });

  it('is silent about own messages', () => {
    const item = makeItem(4);
    expect(announcement(thread(1, 3), thread(1, 3, [item]), 'Andrew')).toBe('');
    const mine = makeMessage(4, { uuid: item.clientMessageUuid, userUuid: 'me' });
    const sent = buildThreadRows({
      messages: [...range(1, 3).map((m) => makeMessage(m)), mine],
      outbox: [],
      myUuid: 'me',
    });
    expect(announcement(thread(1, 3, [item]), sent, 'Andrew')).toBe('');
  });

  it('announces once that a message was not sent', () => {
    const pending = thread(1, 3, [makeItem(4)]);
    const failed = thread(1, 3, [makeItem(4, { failure })]);
    expect(announcement(pending, failed, 'Andrew')).toBe('Not sent: text 4');
    expect(announcement(failed, thread(1, 3, [makeItem(4, { failure })]), 'Andrew')).toBe('');
  });

  it('announces the number of many messages, and the last one', () => {
    expect(announcement(thread(1, 3), thread(1, 9), 'Andrew')).toMatch(/^6 new messages\. Latest: Andrew: text 9/);
  });

  it('announces a message that arrived before a waiting one', () => {
    const waiting = makeItem(10);
    expect(announcement(thread(1, 3, [waiting]), thread(1, 4, [waiting]), 'Andrew')).toMatch(/^Andrew: text 4/);
  });
});
