import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useLive } from '../cache/live-state.ts';
import { t } from '../i18n/t.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { useTRPC } from '../trpc/trpc.ts';
import { fillIn } from '../ui/fill-in.tsx';

/** Shortest time between two signals in one conversation, in milliseconds. */
const SIGNAL_EVERY_MS = 3_000;

/** Shows that the other person is typing. Its height is fixed, so that nothing moves. */
export function TypingLine({ target, name }: { target: Target; name: string }) {
  const isTyping = useLive(({ typing }) => 'messageGroupUuid' in target && target.messageGroupUuid in typing);
  return (
    <p role="status" className="thread-column flex h-6 shrink-0 items-center gap-2 px-5 text-sm text-muted">
      {isTyping ? (
        <>
          <span aria-hidden="true" className="flex gap-1">
            {DOTS.map((delay) => (
              <span key={delay} className="typing-dot" style={{ animationDelay: delay }} />
            ))}
          </span>
          <span className="min-w-0 truncate">
            {fillIn((place) => t('thread.typing', { name: place }), <bdi>{name}</bdi>)}
          </span>
        </>
      ) : null}
    </p>
  );
}

const DOTS = ['0ms', '160ms', '320ms'] as const;

/** `at` is in milliseconds since the epoch. */
type TypingSignal = { messageGroupUuid: string; at: number };

/** Returns a function to call with each new text. It signals to the other person that this one is typing. */
export function useSignalTyping(target: Target): (text: string) => void {
  const trpc = useTRPC();
  // A failure is ignored: the next signal follows soon.
  const { mutate } = useMutation(trpc.messageGroups.signalTyping.mutationOptions());
  const last = useRef<TypingSignal | null>(null);
  return (text) => {
    if (!('messageGroupUuid' in target)) return;
    const next = { ...target, at: Date.now() };
    if (!isSignalDue(last.current, next, text)) return;
    last.current = next;
    mutate(target);
  };
}

export function isSignalDue(last: TypingSignal | null, next: TypingSignal, text: string): boolean {
  if (text.trim() === '') return false;
  return last?.messageGroupUuid !== next.messageGroupUuid || next.at - last.at >= SIGNAL_EVERY_MS;
}
