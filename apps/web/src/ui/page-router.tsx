import { createContext, type ReactNode, startTransition, useContext, useInsertionEffect, useState } from 'react';
import { Router } from 'wouter';

/** An entry of the browser's history. */
export interface HistoryEntry {
  /** As it is in the address: not decoded. */
  pathname: string;
  /** With its `?`. */
  search: string;
  /** With its `#`. */
  hash: string;
  /** Another one each time that a link is followed. */
  key: string;
  /** What `navigate` was given; an earlier version of the page may have left something else. */
  state: unknown;
  /** A load of the page, or the browser's back or forward, has led here. */
  isRestored: boolean;
}

export interface NavigateOptions {
  /** By default only if the page is at that address already. */
  replace?: boolean | undefined;
  state?: unknown;
}

/** What the page keeps in an entry of the browser's history. */
type Stored = Pick<HistoryEntry, 'key' | 'state'>;

const NAVIGATED = 'cruddur:navigated';

const HistoryEntryContext = createContext<HistoryEntry | null>(null);

/** Renders the page at the address of the browser. Another address is rendered as a transition. */
export function PageRouter({ children }: { children: ReactNode }) {
  const [entry, setEntry] = useState(() => readEntry(true));
  // Not a layout effect, which is what a redirect in the first render is: that one would run earlier.
  useInsertionEffect(() => {
    const onRestore = () => startTransition(() => setEntry(readEntry(true)));
    const onNavigate = () => startTransition(() => setEntry(readEntry(false)));
    window.addEventListener('popstate', onRestore);
    window.addEventListener(NAVIGATED, onNavigate);
    return () => {
      window.removeEventListener('popstate', onRestore);
      window.removeEventListener(NAVIGATED, onNavigate);
    };
  }, []);
  return (
    <HistoryEntryContext value={entry}>
      <Router hook={useRouterLocation}>{children}</Router>
    </HistoryEntryContext>
  );
}

/** The entry that the page shows. */
export function useHistoryEntry(): HistoryEntry {
  const entry = useContext(HistoryEntryContext);
  if (entry === null) throw new Error('useHistoryEntry is called outside PageRouter');
  return entry;
}

/** Goes to another address of the page. */
export function navigate(to: string, { replace, state = null }: NavigateOptions = {}): void {
  const isHere = new URL(to, window.location.href).href === window.location.href;
  const stored: Stored = { key: Math.random().toString(36).slice(2), state };
  if (replace ?? isHere) window.history.replaceState(stored, '', to);
  else window.history.pushState(stored, '', to);
  window.dispatchEvent(new Event(NAVIGATED));
}

/** Wouter decodes an address except for what is reserved. With each `%` encoded, parameters are as in the address. */
const useRouterLocation = (): [string, typeof navigate] => [
  useHistoryEntry().pathname.replaceAll('%', '%25'),
  navigate,
];

function readEntry(isRestored: boolean): HistoryEntry {
  const { pathname, search, hash } = window.location;
  const { key = 'first', state = null } = (window.history.state ?? {}) as Partial<Stored>;
  return { pathname, search, hash, key, state, isRestored };
}
