// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSessionStore } from './session-store.ts';

const env = { userPoolId: 'eu-west-1_pool', clientId: 'client' };
const PREFIX = 'CognitoIdentityServiceProvider.client';
const never = new Promise<never>(() => undefined);
const amplify = { fetchAuthSession: vi.fn() };
const createStore = () => createSessionStore(env, async () => ({ connectAmplify: () => amplify }));

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 8) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  localStorage.clear();
});

/** Stores tokens as Amplify does; the access token expires in this many seconds. */
function storeTokens(seconds: number, sub = 'sub-of-andrew'): void {
  const payload = btoa(JSON.stringify({ sub, exp: Date.now() / 1000 + seconds }));
  localStorage.setItem(`${PREFIX}.LastAuthUser`, 'andrewbrown');
  localStorage.setItem(`${PREFIX}.andrewbrown.accessToken`, `head.${payload}.signature`);
  localStorage.setItem(`${PREFIX}.andrewbrown.refreshToken`, 'refresh-token');
}

async function signedIn(seconds = 3600) {
  storeTokens(seconds);
  const store = createStore();
  await store.refresh();
  expect(store.current()).toEqual({ userId: 'sub-of-andrew' });
  return store;
}

describe('signing out', () => {
  it('takes effect at once even if Cognito does not answer, and asks it to revoke the refresh token', async () => {
    const fetch = vi.fn((_url: string, _init: RequestInit) => never);
    vi.stubGlobal('fetch', fetch);
    const store = await signedIn();
    store.signOut('requested');
    expect(store.current()).toBeNull();
    expect(Object.keys(localStorage)).toEqual([]);
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe('https://cognito-idp.eu-west-1.amazonaws.com/');
    expect(JSON.parse(init?.body as string)).toEqual({ ClientId: 'client', Token: 'refresh-token' });
    expect(init?.signal).toBeInstanceOf(AbortSignal);
  });

  it('keeps no token that Cognito sends afterwards', async () => {
    vi.stubGlobal('fetch', () => never);
    let answer = (_session: object) => {};
    amplify.fetchAuthSession.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const store = await signedIn();
    store.expireToken();
    const signOutMeanwhile = async () => {
      await vi.advanceTimersByTimeAsync(0);
      store.signOut('requested');
      storeTokens(3600);
      answer({ userSub: 'sub-of-andrew', tokens: { accessToken: 'late' } });
    };
    const [token] = await Promise.all([store.tokensOf('sub-of-andrew').get(), signOutMeanwhile()]);
    expect(token).toBeNull();
    expect(Object.keys(localStorage)).toEqual([]);
  });
});

describe('signing out everywhere', () => {
  it('asks Cognito first, and ends the session here once it has answered', async () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response('{}'));
    vi.stubGlobal('fetch', fetch);
    const store = await signedIn();
    const accessToken = await store.tokensOf('sub-of-andrew').get();
    await store.signOutEverywhere(() => undefined);
    const [, init] = fetch.mock.calls[0] ?? [];
    expect(new Headers(init?.headers).get('x-amz-target')).toMatch(/\.GlobalSignOut$/);
    expect(JSON.parse(init?.body as string)).toEqual({ AccessToken: accessToken });
    expect([store.current(), store.ending()]).toEqual([null, 'requested']);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('keeps the session if Cognito refuses or cannot be reached', async () => {
    const fetch = vi.fn(async () => new Response('{}', { status: 500 }));
    vi.stubGlobal('fetch', fetch);
    const store = await signedIn();
    await expect(store.signOutEverywhere(() => undefined)).rejects.toThrow('500');
    fetch.mockRejectedValue(new TypeError('network'));
    await expect(store.signOutEverywhere(() => undefined)).rejects.toThrow('network');
    expect(store.current()).toEqual({ userId: 'sub-of-andrew' });
  });
});

describe('signing in again', () => {
  it('keeps its tokens when an answer from before the sign-out arrives', async () => {
    vi.stubGlobal('fetch', () => never);
    let answer = (_session: object) => {};
    const session = { userSub: 'sub-of-andrew', tokens: { accessToken: 'new' } };
    amplify.fetchAuthSession.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    amplify.fetchAuthSession.mockResolvedValue(session);
    const store = await signedIn();
    store.expireToken();
    const signInAgainMeanwhile = async () => {
      await vi.advanceTimersByTimeAsync(0);
      store.signOut('requested');
      storeTokens(3600);
      await store.refresh();
      answer(session);
    };
    await Promise.all([store.tokensOf('sub-of-andrew').get(), signInAgainMeanwhile()]);
    expect(localStorage.getItem(`${PREFIX}.andrewbrown.refreshToken`)).toBe('refresh-token');
  });
});

describe('the calls of a person who has signed out', () => {
  it('are not sent with the token of the next person, and do not end their session', async () => {
    vi.stubGlobal('fetch', () => never);
    const store = await signedIn();
    const tokens = store.tokensOf('sub-of-andrew');
    store.signOut('requested');
    storeTokens(3600, 'sub-of-bayko');
    // Also before this tab knows of the next person.
    await expect(tokens.get()).rejects.toThrow('Another person');
    await store.refresh();
    await expect(tokens.get()).rejects.toThrow('Another person');
    store.expireToken();
    amplify.fetchAuthSession.mockResolvedValue({ userSub: 'sub-of-bayko', tokens: { accessToken: 'of bayko' } });
    await expect(tokens.get()).rejects.toThrow('Another person');
    store.expire('sub-of-andrew');
    expect(store.current()).toEqual({ userId: 'sub-of-bayko' });
  });
});

describe('another tab', () => {
  it('ends the session, and starts the next one', async () => {
    const store = await signedIn();
    const tellOfTokens = async () => {
      window.dispatchEvent(new StorageEvent('storage', { key: `${PREFIX}.LastAuthUser` }));
      await vi.advanceTimersByTimeAsync(200);
      return [store.current(), store.ending()];
    };
    amplify.fetchAuthSession.mockResolvedValue({});
    localStorage.clear();
    expect(await tellOfTokens()).toEqual([null, 'expired']);
    storeTokens(3600);
    expect(await tellOfTokens()).toEqual([{ userId: 'sub-of-andrew' }, null]);
  });
});

describe('a session that the page resumes', () => {
  it('begins at once, and is read in the background', async () => {
    storeTokens(-60);
    let answer = (_session: object) => {};
    amplify.fetchAuthSession.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const store = createStore();
    store.resume('sub-of-andrew');
    expect(store.current()).toEqual({ userId: 'sub-of-andrew' });
    answer({});
    await expect.poll(() => [store.current(), store.ending()]).toEqual([null, 'expired']);
  });
});

describe('a session whose token has expired', () => {
  it.each([
    ['does not answer', () => never],
    ['cannot be reached', () => Promise.reject(new Error('network'))],
  ])('stays the person’s own while Cognito %s', async (_, fetchAuthSession) => {
    amplify.fetchAuthSession.mockImplementation(fetchAuthSession);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    storeTokens(-60);
    const store = createStore();
    void store.refresh();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(store.current()).toEqual({ userId: 'sub-of-andrew' });
  });
});
