import type { Page } from '../cache/pages.ts';
import { CALL_TIMEOUT_MS } from '../trpc/call-timeout.ts';
import { createTraceparent } from '../trpc/traceparent.ts';
import type { Me, MessageGroup, MessagePage } from '../trpc/types.ts';

/** What the browser knows of the page. */
export interface Surroundings {
  pathname: string;
  /** The access token that Amplify has stored; `null` where there is none. One that has run out is refreshed by Amplify, and
   * the page's request is another then. */
  token: string | null;
  /** Milliseconds since the epoch. */
  now: () => number;
  fetch: typeof globalThis.fetch;
}

/** How old an answer may be when it is used, in milliseconds: events bring what is newer (`planCatchUp`). */
export const MAX_AGE_MS = 5_000;

/** What a messages page asks first, answered: what the server refused is left out. */
export interface FirstAnswers {
  me?: Me;
  groups?: Page<MessageGroup>;
  thread?: { messageGroupUuid: string; page: MessagePage };
  /** When it was asked for and answered, in milliseconds since the epoch, and when the server says that it answered. */
  sentAt: number;
  receivedAt: number;
  date: string | null;
}

/** What was asked ahead. */
export interface Ahead {
  /** Makes a `fetch` whose first request gets the answer, if it is the same one by the same person. */
  take(fetch: typeof globalThis.fetch): typeof globalThis.fetch;
  /** The answers to the person of a token, if they are there by now and still new enough. */
  answersTo(accessToken: string | undefined): FirstAnswers | undefined;
}

/** Nothing was asked. */
export const NOTHING_AHEAD: Ahead = { take: (later) => later, answersTo: () => undefined };

/** Asks for what a messages page asks first while the page's code is still on its way, by the token that Amplify has stored. */
export function askAhead({ pathname, token, now, fetch }: Surroundings): Ahead {
  if (!pathname.startsWith('/messages') || token === null) return NOTHING_AHEAD;
  const messageGroupUuid = /^\/messages\/([^/]+)$/.exec(pathname)?.[1];
  const url = firstUrl(messageGroupUuid);
  const authorization = `Bearer ${token}`;
  const sentAt = now();
  const isTooOld = () => now() - sentAt > MAX_AGE_MS;
  let ahead: Promise<Response> | undefined = fetch(url, {
    headers: { authorization, traceparent: createTraceparent() },
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  let answers: FirstAnswers | undefined;
  ahead
    .then(async (response) => {
      if (!response.ok) return;
      const times = { sentAt, receivedAt: now(), date: response.headers.get('date') };
      answers = { ...readAnswers(await response.clone().json(), messageGroupUuid), ...times };
    })
    // Ignore: `take` falls back to a fresh request.
    .catch(() => undefined);
  return {
    take: (later) => (input, init) => {
      const answer = ahead;
      ahead = undefined;
      const isSame = input === url && new Headers(init?.headers).get('authorization') === authorization;
      if (answer === undefined || !isSame || isTooOld()) return later(input, init);
      return answer.catch(() => later(input, init));
    },
    answersTo: (accessToken) => (accessToken === token && !isTooOld() ? answers : undefined),
  };
}

/** The batch that the hooks of a messages page make, to the letter. */
function firstUrl(messageGroupUuid: string | undefined): string {
  const direction = 'forward';
  const pages = messageGroupUuid === undefined ? {} : { 2: { messageGroupUuid, direction } };
  const procedures = ['users.me', 'messageGroups.list', ...(messageGroupUuid === undefined ? [] : ['messages.list'])];
  const input = encodeURIComponent(JSON.stringify({ 1: { direction }, ...pages }));
  return `/trpc/${procedures.join()}?batch=1&input=${input}`;
}

/** The batch's answer, as tRPC sends it. */
type BatchAnswer = [Answer<Me>, Answer<Page<MessageGroup>>, Answer<MessagePage>?];
interface Answer<T> {
  result?: { data: T };
}

function readAnswers([me, groups, messages]: BatchAnswer, messageGroupUuid: string | undefined) {
  const page = messages?.result?.data;
  return {
    ...(me.result && { me: me.result.data }),
    ...(groups.result && { groups: groups.result.data }),
    ...(page && messageGroupUuid !== undefined && { thread: { messageGroupUuid, page } }),
  };
}
