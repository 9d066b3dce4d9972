import { createContext, useContext, useSyncExternalStore } from 'react';

/**
 * Whether the page reaches the server: `offline` if the browser says that there is no network and nothing proves it
 * wrong, `unreachable` if calls get no answer for some seconds.
 */
export type ContactState = 'ok' | 'offline' | 'unreachable';

/** How a call ended: `dropped` if the caller no longer waits for the answer. */
export type CallEnd = 'answered' | 'unanswered' | 'dropped';

export interface ServerContact {
  state: () => ContactState;
  subscribe: (listener: () => void) => () => void;
  /** Reports a call. Call what it returns when the call has ended. */
  callStarted: () => (end: CallEnd) => void;
  /** Reports whether the event stream is open. */
  streamChanged: (isOpen: boolean) => void;
  /** Reports that something came from the server. */
  heard: () => void;
  /** Reports that the browser says that the network came or went. */
  networkChanged: () => void;
}

interface ServerContactDeps {
  /** What the browser says, which may be wrong: some virtual network adapters make it say false for ever. */
  isOnline: () => boolean;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule: (callback: () => void, delay: number) => () => void;
}

/** Silence for this long is reported, in milliseconds. Shorter interruptions are not worth a word. */
const SILENCE_MS = 8_000;

/** Collects from calls and the event stream whether the server answers. */
export function createServerContact({ isOnline, schedule }: ServerContactDeps): ServerContact {
  const listeners = new Set<() => void>();
  let callsWaiting = 0;
  /** Counts what the browser said. An answer to a call from before proves nothing about the network since. */
  let networkChanges = 0;
  let isStreamOpen = false;
  let isUnreachable = false;
  let wasHeardSinceOffline = false;
  let cancelTimer: (() => void) | undefined;

  const state = (): ContactState => {
    if (!isOnline() && (isUnreachable || !wasHeardSinceOffline)) return 'offline';
    return isUnreachable ? 'unreachable' : 'ok';
  };
  let reported = state();
  const report = () => {
    if (state() === reported) return;
    reported = state();
    for (const listener of listeners) listener();
  };
  const stopTimer = () => {
    cancelTimer?.();
    cancelTimer = undefined;
  };
  const startTimer = () => {
    cancelTimer ??= schedule(() => {
      cancelTimer = undefined;
      // With an open stream, one call that failed is not the server's silence.
      isUnreachable ||= callsWaiting > 0 || !isStreamOpen;
      report();
    }, SILENCE_MS);
  };
  const heard = () => {
    stopTimer();
    if (callsWaiting > 0) startTimer();
    isUnreachable = false;
    wasHeardSinceOffline = true;
    report();
  };

  return {
    state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    callStarted() {
      callsWaiting++;
      startTimer();
      const startedIn = networkChanges;
      return (end) => {
        callsWaiting--;
        if (end === 'answered' && startedIn === networkChanges) heard();
        else if (end === 'dropped' && callsWaiting === 0) stopTimer();
      };
    },
    streamChanged(isOpen) {
      isStreamOpen = isOpen;
      if (!isOpen) startTimer();
    },
    heard,
    networkChanged() {
      networkChanges++;
      wasHeardSinceOffline = false;
      isUnreachable = false;
      stopTimer();
      startTimer();
      report();
    },
  };
}

export const ContactContext = createContext<ServerContact | null>(null);

export function useContact(): ServerContact {
  const contact = useContext(ContactContext);
  if (contact === null) throw new Error('useContact is called outside ApiProvider');
  return contact;
}

/** Whether the page reaches the server. */
export function useContactState(): ContactState {
  const { subscribe, state } = useContact();
  return useSyncExternalStore(subscribe, state);
}
