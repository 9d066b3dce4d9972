import { hashKey, type Query, type QueryClient } from '@tanstack/react-query';
import { showsRestored } from '../cache/restored.ts';
import { ME_KEY } from './query-keys.ts';

/** What the page's first request reads next to the person, in this order: the one that `prefetch` sends early. */
const FIRST = ['messageGroups.list', 'messages.list', 'messageGroups.readMarkers'];

/** Reads what is restored again: the first pages together with the person, and what is left once the server has answered. */
export function rereadInOrder(client: QueryClient): void {
  const me = hashKey(ME_KEY);
  let isReading = false;
  const stop = client.getQueryCache().subscribe((event) => {
    if (event.query.queryHash !== me) return;
    if (event.type === 'observerAdded' && !isReading) {
      isReading = true;
      // After the person's request has begun, and all that is shown is observed.
      queueMicrotask(() => rereadFirst(client));
    } else if (event.type === 'updated' && event.action.type === 'success' && !event.action.manual) {
      stop();
      // Ignore a failure: catching up reads it again.
      rereadRestored(client).catch(() => undefined);
    }
  });
}

function rereadFirst(client: QueryClient): void {
  const shown = client.getQueryCache().findAll({ type: 'active', predicate: ({ state }) => showsRestored(state) });
  for (const path of FIRST) {
    for (const { queryKey } of shown.filter(({ queryKey: [parts] }) => (parts as string[]).join('.') === path)) {
      void client.invalidateQueries({ queryKey, exact: true });
    }
  }
}

/** Reads again what is restored and shown. The rest is read again when it is shown. Rejects if a reading fails. */
export function rereadRestored(client: QueryClient): Promise<void> {
  const predicate = ({ state }: Query) => showsRestored(state);
  return client.invalidateQueries({ predicate }, { cancelRefetch: false, throwOnError: true });
}
