import { createContext, useContext, useSyncExternalStore } from 'react';
import { createListeners } from '../ui/listeners.ts';
import { schedule } from '../ui/timers.ts';

/**
 * Whether the page reaches the server: `offline` if the browser reports no network and no answer proves it wrong,
 * `unreachable` if calls get no answer for some seconds.
 */
export type ContactState = 'ok' | 'offline' | 'unreachable';

/** `dropped` if the caller no longer waits for the answer. */
export type CallEnd = 'answered' | 'unanswered' | 'dropped';

/** Silence for this long is reported, in milliseconds. Shorter interruptions are not worth a banner. */
const SILENCE_MS = 8_000;

/** Derives from calls and the event stream whether the server answers. */
export class ServerContact {
  readonly #isOnline: () => boolean;
  readonly #listeners = createListeners();
  readonly subscribe = this.#listeners.subscribe;
  #callsWaiting = 0;
  /** An answer to a call from before a network change proves nothing about the network since. */
  #networkChanges = 0;
  #isStreamOpen = false;
  #isUnreachable = false;
  #wasHeardSinceOffline = false;
  #reported: ContactState;
  #cancelTimer: (() => void) | undefined;

  /** @param isOnline - what the browser reports; with some virtual network adapters it is always false */
  constructor(isOnline: () => boolean) {
    this.#isOnline = isOnline;
    this.#reported = this.state();
  }

  readonly state = (): ContactState => {
    if (!this.#isOnline() && (this.#isUnreachable || !this.#wasHeardSinceOffline)) return 'offline';
    return this.#isUnreachable ? 'unreachable' : 'ok';
  };

  /** Reports a call; the returned function reports its end. */
  callStarted(): (end: CallEnd) => void {
    this.#callsWaiting++;
    this.#startTimer();
    const startedIn = this.#networkChanges;
    return (end) => {
      this.#callsWaiting--;
      if (end === 'answered' && startedIn === this.#networkChanges) this.heard();
      else if (end === 'dropped' && this.#callsWaiting === 0) this.#stopTimer();
    };
  }

  streamChanged(isOpen: boolean): void {
    this.#isStreamOpen = isOpen;
    if (!isOpen) this.#startTimer();
  }

  heard(): void {
    this.#stopTimer();
    if (this.#callsWaiting > 0) this.#startTimer();
    this.#isUnreachable = false;
    this.#wasHeardSinceOffline = true;
    this.#report();
  }

  networkChanged(): void {
    this.#networkChanges++;
    this.#wasHeardSinceOffline = false;
    this.#isUnreachable = false;
    this.#stopTimer();
    this.#startTimer();
    this.#report();
  }

  #startTimer(): void {
    this.#cancelTimer ??= schedule(() => {
      this.#cancelTimer = undefined;
      // With an open stream, one failed call does not mean that the server is silent.
      this.#isUnreachable ||= this.#callsWaiting > 0 || !this.#isStreamOpen;
      this.#report();
    }, SILENCE_MS);
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #report(): void {
    if (this.state() === this.#reported) return;
    this.#reported = this.state();
    this.#listeners.notify();
  }
}

export const ContactContext = createContext<ServerContact | null>(null);

export function useContact(): ServerContact {
  const contact = useContext(ContactContext);
  if (contact === null) throw new Error('useContact is called outside ApiProvider');
  return contact;
}

export function useContactState(): ContactState {
  const { subscribe, state } = useContact();
  return useSyncExternalStore(subscribe, state);
}
