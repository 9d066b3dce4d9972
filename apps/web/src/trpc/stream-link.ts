import { httpSubscriptionLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import type { CreateStreamLink } from './links.ts';
import { API_URL } from './request.ts';

/** The link of subscriptions. The browser's own EventSource sends no headers, and a token in the URL would end up in logs. */
export const createStreamLink: CreateStreamLink = (fetch, headers) =>
  httpSubscriptionLink({
    url: API_URL,
    EventSource,
    eventSourceOptions: {
      fetch: async (url, init) =>
        fetch(url, { ...init, headers: { ...init.headers, ...(await headers()) } } as RequestInit),
    },
  });
