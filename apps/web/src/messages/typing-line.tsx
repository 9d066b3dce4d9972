import { useLive } from '../cache/live-state.ts';
import type { Target } from '../outbox/outbox-item.ts';

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
