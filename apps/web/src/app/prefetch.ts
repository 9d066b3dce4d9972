import { API_URL, CALL_TIMEOUT_MS, PREFETCH_MAX_AGE_MS, requestHeaders } from '../trpc/request.ts';

type Fetch = typeof globalThis.fetch;

/** Wraps a `fetch`: its first request receives the prefetched answer if URL and token are the same. */
export type Prefetched = (fetch: Fetch) => Fetch;

export interface PrefetchInput {
  pathname: string;
  /** The stored access token; `null` where there is none. */
  token: string | null;
  now: () => number;
  fetch: Fetch;
}

/** Requests the first answers that a messages page needs while its code is still loading. */
export function prefetch({ pathname, token, now, fetch }: PrefetchInput): Prefetched {
  if (!pathname.startsWith('/messages') || token === null) return (later) => later;
  const url = firstUrl(pathname);
  const headers = requestHeaders(token);
  const sentAt = now();
  let answer: Promise<Response> | undefined = fetch(url, { headers, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
  // Ignore: the wrapped `fetch` falls back to a fresh request.
  answer.catch(() => undefined);
  return (later) => (input, init) => {
    const first = answer;
    answer = undefined;
    const isSame = input === url && new Headers(init?.headers).get('authorization') === headers.authorization;
    if (first === undefined || !isSame || now() - sentAt > PREFETCH_MAX_AGE_MS) return later(input, init);
    return first.catch(() => later(input, init));
  };
}

/** The group in a path, if it is that of a thread. Lower case, as the page will request it. */
export const openedThread = (pathname: string): string | undefined =>
  /^\/messages\/([^/]+)$/.exec(pathname)?.[1]?.toLowerCase();

/** The exact URL of the batch that `MeGate` requests; a test compares them. */
function firstUrl(pathname: string): string {
  const messageGroupUuid = openedThread(pathname);
  const direction = 'forward';
  const isOpen = messageGroupUuid !== undefined;
  const procedures = [
    'users.me',
    'messageGroups.list',
    ...(isOpen ? ['messages.list', 'messageGroups.readMarkers'] : []),
  ];
  const thread = isOpen && { 2: { messageGroupUuid, direction }, 3: { messageGroupUuid } };
  const input = JSON.stringify({ 1: { direction }, ...thread });
  return `${API_URL}/${procedures.join()}?batch=1&input=${encodeURIComponent(input)}`;
}
