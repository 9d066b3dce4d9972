import type { find } from 'linkifyjs';
import { useEffect, useSyncExternalStore } from 'react';

/** Finds what looks like a link in a text. */
export type LinkFinder = typeof find;

let finder: LinkFinder | undefined;
let isLoading = false;
const listeners = new Set<() => void>();

async function load(): Promise<void> {
  if (finder !== undefined || isLoading) return;
  isLoading = true;
  // Without a network links stay text, until another message is drawn.
  const linkify = await import('linkifyjs').catch(() => undefined);
  isLoading = false;
  finder = linkify?.find;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What finds links, once its code has come: a list of all top-level domains, for which no thread should have to wait. */
export function useLinkFinder(): LinkFinder | undefined {
  useEffect(() => void load(), []);
  return useSyncExternalStore(subscribe, () => finder);
}
