import { describe, expect, it } from 'vitest';
import { makeGroup } from '../testing.ts';
import { type RowState, rowWords } from './row-words.ts';

const NOTHING: RowState = { draft: '', isTyping: false, isUnread: false };
const words = (state: Partial<RowState>, row: Parameters<typeof makeGroup>[2] & { hasFailed?: boolean } = {}) => {
  const { hasFailed = false, ...group } = row;
  const { kind, text } = rowWords({ ...makeGroup('group', 1, group), hasFailed }, 'me', { ...NOTHING, ...state });
  return text === '' ? kind : `${kind}: ${text}`;
};

describe('a row says', () => {
  it('the last message, without the marks of its markup, and whether it is one’s own', () => {
    expect(words({}, { message: 'See **you**' })).toBe('message: See you');
    expect(words({}, { messageUserUuid: 'me' })).toBe('own: text 1');
  });

  it('that the last message was deleted, and who deleted it', () => {
    expect(words({}, { isMessageDeleted: true, message: '' })).toBe('deleted');
    expect(words({}, { isMessageDeleted: true, message: '', messageUserUuid: 'me' })).toBe('ownDeleted');
  });

  it('the draft, unless something is unread', () => {
    expect(words({ draft: 'Half a *thought*' })).toBe('draft: Half a thought');
    expect(words({ draft: 'Half a thought', isUnread: true })).toBe('message: text 1');
  });

  it('that the other person is typing, rather than a draft', () => {
    expect(words({ isTyping: true, draft: 'Half a thought', isUnread: true })).toBe('typing');
  });

  it('first of all, what was not sent', () => {
    expect(words({ isTyping: true, draft: 'More' }, { hasFailed: true, messageUserUuid: 'me' })).toBe(
      'notSent: text 1',
    );
  });
});
