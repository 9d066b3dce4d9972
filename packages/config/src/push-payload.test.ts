import { describe, expect, it } from 'vitest';
import { formatPushPayload, PUSH_PAYLOAD_MAX_BYTES, type PushPayload, parsePushPayload } from './push-payload.ts';

const MESSAGE = {
  kind: 'message',
  messageGroupUuid: '5ae290ed-55d1-47a0-bc6d-fe2bc2700399',
  messageUuid: '01970000-0000-7000-8000-000000000001',
  createdAt: '2026-11-20T08:15:30.123456Z',
  displayName: 'Andrew Bayko',
  text: 'Are the lanterns packed?',
  unread: 2,
} satisfies PushPayload;
const CLOSE: PushPayload = {
  kind: 'close',
  messageGroupUuid: MESSAGE.messageGroupUuid,
  through: '2026-11-20T08:15:30.123456Z',
};

/** The longest message that can be sent, made of one character. */
const longest = (character: string): PushPayload => ({
  ...MESSAGE,
  displayName: character.repeat(80),
  text: character.repeat(1024),
});

describe('a push payload', () => {
  it.each<[string, PushPayload]>([
    ['a message', MESSAGE],
    ['a message whose text is hidden', { ...MESSAGE, text: null, unread: null }],
    ['a close', CLOSE],
  ])('is read as it was written: %s', (_, payload) => {
    expect(parsePushPayload(formatPushPayload(payload))).toEqual(payload);
  });

  it.each([
    ['of one byte', 'a'],
    ['of two bytes', 'é'],
    ['of three bytes', '漢'],
    ['of four bytes', '🏮'],
    ['that JSON escapes', '\u0001'],
    ['that are quotes', '"'],
  ])('has at most 3 kB, also with characters %s', (_, character) => {
    const json = formatPushPayload(longest(character));
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(PUSH_PAYLOAD_MAX_BYTES);
    const { text, ...payload } = parsePushPayload(json) as typeof MESSAGE;
    expect(payload).toMatchObject({ kind: 'message', messageUuid: MESSAGE.messageUuid });
    expect(text).toMatch(new RegExp(`^${character}{300,}…?$`, 'u'));
  });

  it('keeps a text that fits', () => {
    const text = 'a'.repeat(1024);
    expect(parsePushPayload(formatPushPayload({ ...MESSAGE, text }))).toMatchObject({ text });
  });

  it.each([
    ['no JSON', '{'],
    ['another kind', JSON.stringify({ ...CLOSE, kind: 'reaction' })],
    ['a missing field', JSON.stringify({ ...MESSAGE, createdAt: undefined })],
    ['an empty text', ''],
  ])('is none if it is %s', (_, json) => {
    expect(parsePushPayload(json)).toBeUndefined();
  });
});
