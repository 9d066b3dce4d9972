import { createContext, useContext, useSyncExternalStore } from 'react';

/** How long a person is shown as typing after their last signal, in milliseconds. */
const TYPING_MS = 5_000;

/** In which groups the other person is typing. */
export interface TypingStore {
  isTyping: (messageGroupUuid: string) => boolean;
  /** Reports a signal of the other person. */
  start: (messageGroupUuid: string) => void;
  /** Reports that their message has arrived. */
  stop: (messageGroupUuid: string) => void;
  subscribe: (listener: () => void) => () => void;
}

/** @param schedule - calls back after that many milliseconds; returns what cancels it */
export function createTypingStore(schedule: (callback: () => void, delay: number) => () => void): TypingStore {
  /** What cancels the end of typing, by group. */
  const ends = new Map<string, () => void>();
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  const stop = (messageGroupUuid: string) => {
    ends.get(messageGroupUuid)?.();
    if (ends.delete(messageGroupUuid)) notify();
  };
  return {
    isTyping: (messageGroupUuid) => ends.has(messageGroupUuid),
    start(messageGroupUuid) {
      const wasTyping = ends.has(messageGroupUuid);
      ends.get(messageGroupUuid)?.();
      ends.set(
        messageGroupUuid,
        schedule(() => stop(messageGroupUuid), TYPING_MS),
      );
      if (!wasTyping) notify();
    },
    stop,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const TypingContext = createContext<TypingStore | null>(null);

/** Whether the other person is typing in this group. */
export function useTyping(messageGroupUuid: string | undefined): boolean {
  const typing = useContext(TypingContext);
  if (typing === null) throw new Error('useTyping is called outside TypingContext');
  return useSyncExternalStore(
    typing.subscribe,
    () => messageGroupUuid !== undefined && typing.isTyping(messageGroupUuid),
  );
}
