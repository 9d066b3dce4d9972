import { useRef } from 'react';
import type { Target } from '../outbox/outbox-item.ts';
import { trpc } from '../trpc/trpc.ts';

/** Shortest time between two signals in one conversation, in milliseconds. */
const SIGNAL_EVERY_MS = 3_000;

/** The last signal that was sent. */
interface TypingSignal {
  messageGroupUuid: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Signals to the other person that this one is typing. Call what it returns with each new text. */
export function useSignalTyping(target: Target): (text: string) => void {
  // A failure is ignored: the next signal follows soon.
  const { mutate } = trpc.messageGroups.signalTyping.useMutation();
  const last = useRef<TypingSignal | null>(null);
  return (text) => {
    if (!('messageGroupUuid' in target) || !isSignalDue(last.current, target, text, Date.now())) return;
    last.current = { messageGroupUuid: target.messageGroupUuid, at: Date.now() };
    mutate(target);
  };
}

/** Whether a new text is signalled: it is not blank, and the conversation's last signal is old enough. */
export function isSignalDue(
  last: TypingSignal | null,
  { messageGroupUuid }: { messageGroupUuid: string },
  text: string,
  now: number,
): boolean {
  if (text.trim() === '') return false;
  return last === null || last.messageGroupUuid !== messageGroupUuid || now - last.at >= SIGNAL_EVERY_MS;
}
