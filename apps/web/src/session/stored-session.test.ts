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

/** A token like Cognito's that expires in this many seconds. */
const tokenFor = (seconds: number, payload: object = { sub: 'sub-of-andrew' }) =>
  [encode({ alg: 'RS256' }), encode({ ...payload, exp: NOW / 1000 + seconds }), 'signature'].join('.');

/** Stores a token as Amplify does. */
function store(token: string): void {
  localStorage.setItem(`${PREFIX}.LastAuthUser`, 'andrewbrown');
  localStorage.setItem(`${PREFIX}.andrewbrown.accessToken`, token);
}

const read = (clientId = 'client') => readStoredSession(clientId, NOW);

describe('a stored session', () => {
  it('belongs to the owner of the token', () => {
    const token = tokenFor(3600);
    store(token);
    expect(read()).toEqual({ userId: 'sub-of-andrew', accessToken: token });
  });

  it('is absent if the token has expired or soon will', () => {
    for (const seconds of [-1, 59]) {
      store(tokenFor(seconds));
      expect(read()).toBeUndefined();
    }
    store(tokenFor(61));
    expect(read()).toBeDefined();
  });

  it('is absent if nothing is stored, or only another client’s token', () => {
    expect(read()).toBeUndefined();
    store(tokenFor(3600));
    expect(read('other')).toBeUndefined();
  });

  it.each(['revoked', 'a.b.c', tokenFor(3600, {})])('is absent if the token is not a person’s: %s', (token) => {
    store(token);
    expect(read()).toBeUndefined();
  });

  it('is absent if the browser blocks its storage', () => {
    store(tokenFor(3600));
    vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect(storedAccessToken('client')).toBeNull();
    expect(read()).toBeUndefined();
  });

  it('can be forgotten without removing anything else', () => {
    store(tokenFor(3600));
    localStorage.setItem('cruddur:theme', 'dark');
    forgetTokens();
    expect(Object.keys(localStorage)).toEqual(['cruddur:theme']);
  });
});
