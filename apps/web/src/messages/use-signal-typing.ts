import { useRef } from 'react';
import type { Target } from '../outbox/outbox-item.ts';
import { trpc } from '../trpc/trpc.ts';
import { isSignalDue, type TypingSignal } from './typing-signal.ts';

/** Tells the other one that one is typing. Returns what to call with each new text of the form. */
export function useSignalTyping(target: Target): (text: string) => void {
  // Nobody waits for a signal that did not arrive, and the next one follows: a failure is left to the mutation's own
  // state, where the end of the session is still seen.
  const { mutate } = trpc.messageGroups.signalTyping.useMutation();
  const last = useRef<TypingSignal | null>(null);
  return (text) => {
    if (!('messageGroupUuid' in target) || !isSignalDue(last.current, target, text, Date.now())) return;
    last.current = { messageGroupUuid: target.messageGroupUuid, at: Date.now() };
    mutate(target);
  };
}
