import { useRef } from 'react';
import { useLive } from '../cache/live-state.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { trpc } from '../trpc/trpc.ts';

/** Shortest time between two signals in one conversation, in milliseconds. */
const SIGNAL_EVERY_MS = 3_000;

/** Shows that the other person is typing. Its height is fixed, so that nothing moves. */
export function TypingLine({ target, name }: { target: Target; name: string }) {
  const isTyping = useLive(({ typing }) => 'messageGroupUuid' in target && target.messageGroupUuid in typing);
  return (
    <p role="status" className="mx-auto flex h-6 w-full max-w-3xl shrink-0 items-center gap-2 px-5 text-sm text-muted">
      {isTyping ? (
        <>
          <span aria-hidden="true" className="flex gap-1">
            {DOTS.map((delay) => (
              <span key={delay} className="typing-dot" style={{ animationDelay: delay }} />
            ))}
          </span>
          <span className="min-w-0 truncate">
            <bdi>{name}</bdi> is typing
          </span>
        </>
      ) : null}
    </p>
  );
}

const DOTS = ['0ms', '160ms', '320ms'] as const;

/** The last signal that was sent; `at` in milliseconds since the epoch. */
type TypingSignal = { messageGroupUuid: string; at: number };

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
