/** Somebody counts as typing for so long after their last signal, in milliseconds. */
const TYPING_MS = 5_000;

/** In which groups the other one is typing, as the events of the last seconds tell. */
export interface TypingStore {
  isTyping: (messageGroupUuid: string) => boolean;
  /** Takes in a signal. */
  take: (messageGroupUuid: string) => void;
  /** The message has come. */
  clear: (messageGroupUuid: string) => void;
  subscribe: (listener: () => void) => () => void;
}

/** @param schedule - calls back after that many milliseconds; returns what cancels it */
export function createTypingStore(schedule: (callback: () => void, delay: number) => () => void): TypingStore {
  const ends = new Map<string, () => void>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const clear = (messageGroupUuid: string) => {
    ends.get(messageGroupUuid)?.();
    if (ends.delete(messageGroupUuid)) changed();
  };
  return {
    isTyping: (messageGroupUuid) => ends.has(messageGroupUuid),
    take(messageGroupUuid) {
      const wasTyping = ends.has(messageGroupUuid);
      ends.get(messageGroupUuid)?.();
      ends.set(
        messageGroupUuid,
        schedule(() => clear(messageGroupUuid), TYPING_MS),
      );
      if (!wasTyping) changed();
    },
    clear,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
