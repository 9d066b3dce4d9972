import { describe, expect, it } from 'vitest';
import { createCursorCodec } from './cursor.ts';

const codec = createCursorCodec('a secret of at least 32 characters');
const binding = ['messages', 'user-1', 'group-1'];
const payload = { after: '2026-11-20T08:15:30.123456+00:00', seen: ['g'] };

describe('cursors', () => {
  it('open under the same binding', () => {
    expect(codec.open(binding, codec.seal(binding, payload))).toEqual(payload);
  });

  it('reveal nothing of their content', () => {
    const cursor = codec.seal(binding, payload);
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('2026');
    expect(codec.seal(binding, payload)).not.toBe(cursor);
  });

  it('never share an IV, which AES-GCM must not reuse under a key', () => {
    const cursors = Array.from({ length: 300 }, () => codec.seal(binding, payload));
    // Sixteen characters of base64url.
    expect(new Set(cursors.map((cursor) => cursor.slice(0, 16))).size).toBe(300);
  });

  it.each([
    ['of another caller', codec.seal(['messages', 'user-2', 'group-1'], payload)],
    ['of another group', codec.seal(['messages', 'user-1', 'group-2'], payload)],
    ['of another list', codec.seal(['message-groups', 'user-1', 'group-1'], payload)],
    ['of another secret', createCursorCodec('another secret of 32 characters!!').seal(binding, payload)],
    ['made up', 'bm90IGEgY3Vyc29y'],
    ['empty', ''],
    ['cut short', codec.seal(binding, payload).slice(0, -4)],
  ])('are refused when %s', (_, cursor) => {
    expect(() => codec.open(binding, cursor)).toThrowError(expect.objectContaining({ reason: 'cursor_invalid' }));
  });

  it('are refused when any one byte is altered', () => {
    const bytes = Buffer.from(codec.seal(binding, payload), 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(i) ^ 1, i);
      expect(() => codec.open(binding, altered.toString('base64url'))).toThrow();
    }
  });
});
