import { describe, expect, it } from 'vitest';
import { authState, returnTo } from './return-to.tsx';

describe('returnTo', () => {
  it('returns to the page that the person came from', () => {
    const from = { pathname: '/messages/new/loren', search: '?a=1', hash: '#b' };
    expect(returnTo(authState({ from }))).toBe('/messages/new/loren?a=1#b');
  });

  it.each([null, 'text', {}, { from: 3 }, { from: { pathname: '//evil.example' } }, { from: { pathname: 'evil' } }])(
    'leads to the messages for %j',
    (state) => {
      expect(returnTo(authState(state))).toBe('/messages');
    },
  );
});
