// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { forgetTokens, readStoredSession, storedAccessToken } from './stored-session.ts';

const NOW = Date.UTC(2026, 10, 20, 8);
const PREFIX = 'CognitoIdentityServiceProvider.client';

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

const encode = (part: object) =>
  btoa(JSON.stringify(part)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** A token as Cognito makes it, which ends so many seconds from now. */
const tokenFor = (seconds: number, payload: object = { sub: 'sub-of-andrew' }) =>
  [encode({ alg: 'RS256' }), encode({ ...payload, exp: NOW / 1000 + seconds }), 'signature'].join('.');

/** Keeps a token as Amplify does. */
function store(token: string): void {
  localStorage.setItem(`${PREFIX}.LastAuthUser`, 'andrewbrown');
  localStorage.setItem(`${PREFIX}.andrewbrown.accessToken`, token);
}

const read = (clientId = 'client') => readStoredSession(clientId, NOW);

describe('a stored session', () => {
  it('is whose token it is', () => {
    const token = tokenFor(3600);
    store(token);
    expect(read()).toEqual({ userId: 'sub-of-andrew', accessToken: token });
  });

  it('is none by a token that has run out, or soon will', () => {
    for (const seconds of [-1, 59]) {
      store(tokenFor(seconds));
      expect(read()).toBeUndefined();
    }
    store(tokenFor(61));
    expect(read()).toBeDefined();
  });

  it('is none where nothing is stored, or by another client', () => {
    expect(read()).toBeUndefined();
    store(tokenFor(3600));
    expect(read('other')).toBeUndefined();
  });

  it.each(['revoked', 'a.b.c', tokenFor(3600, {})])('is none by what is no token of a person: %s', (token) => {
    store(token);
    expect(read()).toBeUndefined();
  });

  it('is none where the browser blocks its storage', () => {
    store(tokenFor(3600));
    vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect(storedAccessToken('client')).toBeNull();
    expect(read()).toBeUndefined();
  });

  it('can be forgotten, and nothing else is', () => {
    store(tokenFor(3600));
    localStorage.setItem('cruddur:theme', 'dark');
    forgetTokens();
    expect(Object.keys(localStorage)).toEqual(['cruddur:theme']);
  });
});
