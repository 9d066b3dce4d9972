import type { Message } from '../trpc/types.ts';

/** How long a notification waits for a newer message of the group, and for a tab that has it in view, in milliseconds. */
const NOTIFY_AFTER_MS = 1_000;

export interface NotifierDeps {
  /** Whether the person wants notifications, and the browser allows them. */
  isWanted(): boolean;
  /** Whether the group is open in a visible page. */
  isInView(messageGroupUuid: string): boolean;
  /** Whether the person has read the message, here or elsewhere. */
  isRead(message: Message): boolean;
  show(message: Message): void;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule(callback: () => void, delay: number): () => void;
}

/** Notifies of messages that are not in view: of several at once, of the newest per group. */
export function createNotifier(deps: NotifierDeps) {
  const newest = new Map<string, Message>();
  let cancel: (() => void) | undefined;

  const showAll = () => {
    const messages = [...newest.values()];
    newest.clear();
    cancel = undefined;
    if (!deps.isWanted()) return;
    for (const message of messages) {
      if (!deps.isInView(message.messageGroupUuid) && !deps.isRead(message)) deps.show(message);
    }
  };
  return {
    offer: (message: Message) => {
      if (!deps.isWanted() || deps.isInView(message.messageGroupUuid)) return;
      newest.set(message.messageGroupUuid, message);
      cancel ??= deps.schedule(showAll, NOTIFY_AFTER_MS);
    },
    stop: () => {
      cancel?.();
      cancel = undefined;
      newest.clear();
    },
  };
}
