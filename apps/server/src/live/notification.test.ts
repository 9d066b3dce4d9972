import type { MessageChanged, MessageWritten } from '@cruddur/bus';
import { DISPLAY_NAME_MAX_CODE_POINTS, MESSAGE_MAX_CODE_POINTS } from '@cruddur/config';
import { NOTIFICATION_MAX_BYTES } from '@cruddur/db';
import { describe, expect, it } from 'vitest';
import { NEVER_CHANGED } from '../../../../tests/support/never-changed.ts';
import { writeWithinLimit } from './message-reference.ts';
import { readNotification } from './notification.ts';

const ana = { uuid: 'a', handle: 'ana', displayName: 'Ana Lantern' };
const ben = { uuid: 'b', handle: 'ben', displayName: 'Ben Harbour' };
const written = (text: string): MessageWritten => ({
  type: 'message',
  message: {
    uuid: 'm',
    messageGroupUuid: 'g',
    userUuid: 'a',
    handle: 'ana',
    displayName: 'Ana Lantern',
    message: text,
    ...NEVER_CHANGED,
    createdAt: '2026-11-20T08:15:30.123456Z',
  },
  members: [ana, ben],
});

describe('a notification', () => {
  it.each(['Hello 👋', 'a\u0000b', '\ud800 alone', '"quoted" \\ back'])('carries %j unchanged', (text) => {
    const notification = { from: 'one', event: written(text) };
    expect(readNotification(writeWithinLimit(notification))).toEqual(notification);
  });

  it('carries the longest message that can be sent', () => {
    // The longest text in JSON, with the longest handles and names.
    const [handle, displayName] = ['h'.repeat(30), '\u{1F600}'.repeat(DISPLAY_NAME_MAX_CODE_POINTS)];
    const uuid = crypto.randomUUID();
    const { message } = written('\u0001'.repeat(MESSAGE_MAX_CODE_POINTS));
    const person = { uuid, handle, displayName };
    const payload = writeWithinLimit({
      from: uuid,
      event: {
        type: 'message',
        message: { ...message, uuid, messageGroupUuid: uuid, userUuid: uuid, handle, displayName },
        members: [person, person],
      },
    });
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(NOTIFICATION_MAX_BYTES);
    expect(readNotification(payload)?.event.type).toBe('message');
  });

  it('replaces a larger message by a reference', () => {
    const payload = writeWithinLimit({ from: 'one', event: written('\u0001'.repeat(2000)) });
    expect(readNotification(payload)?.event).toEqual({
      type: 'message_reference',
      messageGroupUuid: 'g',
      createdAt: '2026-11-20T08:15:30.123456Z',
      memberUuids: ['a', 'b'],
    });
  });

  it('carries a changed message with its quote and reactions, and replaces a larger one by a reference', () => {
    const { message } = written('Edited');
    const changed: MessageChanged = {
      type: 'changed',
      message: {
        ...message,
        replyTo: {
          uuid: 'q',
          createdAt: '2026-11-19T08:15:30.123456Z',
          userUuid: 'b',
          displayName: 'Ben Harbour',
          excerpt: 'The quoted text',
          isDeleted: false,
          version: 3,
        },
        reactions: ['👍', '👩🏽‍🚀'].map((emoji) => ({ emoji, userUuids: ['a', 'b'] })),
        editedAt: '2026-11-20T08:16:30.123456Z',
        revision: 1,
        version: 5,
      },
      memberUuids: ['a', 'b'],
    };
    expect(readNotification(writeWithinLimit({ from: 'one', event: changed }))?.event).toEqual(changed);
    // The longest text, quote and reactions that are allowed.
    const uuid = crypto.randomUUID();
    const excerpt = `${'\u0001'.repeat(140)}…`;
    const reactions = Array.from({ length: 10 }, (_, i) => ({ emoji: `${i}`.repeat(64), userUuids: [uuid, uuid] }));
    const text = '\u0001'.repeat(MESSAGE_MAX_CODE_POINTS);
    const longest = { ...changed.message, message: text, replyTo: { ...changed.message.replyTo, excerpt }, reactions };
    const payload = writeWithinLimit({ from: 'one', event: { ...changed, message: longest as typeof message } });
    expect(readNotification(payload)?.event).toEqual({
      type: 'change_reference',
      messageGroupUuid: 'g',
      messageUuid: 'm',
      createdAt: '2026-11-20T08:15:30.123456Z',
      memberUuids: ['a', 'b'],
    });
  });

  it('of the release before changes existed is read as a message that was never changed', () => {
    const event = written('Hello');
    const withoutChanges = (key: string, value: unknown) => (key in NEVER_CHANGED ? undefined : value);
    const payload = JSON.stringify({ from: 'one', event }, withoutChanges);
    expect(readNotification(payload)).toEqual({ from: 'one', event });
  });

  it('of a type that only a later version knows is not a gap', () => {
    const payload = '{"from":"one","event":{"type":"reaction","emoji":"👋"}}';
    expect(readNotification(payload)).toEqual({ from: 'one', event: { type: 'unknown' } });
  });

  it.each(['', 'null', '{}', '{"from":"one","event":{"type":"message"}}', '{"from":"one","event":{}}'])(
    'cannot be read: %j',
    (payload) => expect(readNotification(payload)).toBeUndefined(),
  );
});
