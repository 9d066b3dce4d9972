import { TRPCClientError, type TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import { observable } from '@trpc/server/observable';
import { errorReason } from './api-error.ts';
import { CALL_TIMEOUT_MS } from './call-timeout.ts';
import type { CallEnd, ServerContact } from './server-contact.ts';

/** Ends a call that gets no answer in time, as if the connection had failed, and reports whether calls are answered. */
export function contactLink<TRouter extends AnyRouter>(contact: ServerContact): TRPCLink<TRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const ended = contact.callStarted();
        let isOver = false;
        const end = (how: CallEnd) => {
          if (isOver) return;
          isOver = true;
          clearTimeout(timer);
          ended(op.signal?.aborted ? 'dropped' : how);
        };
        const timer = setTimeout(() => {
          end('unanswered');
          call.unsubscribe();
          observer.error(new TRPCClientError(`no answer within ${CALL_TIMEOUT_MS} ms`));
        }, CALL_TIMEOUT_MS);
        const call = next(op).subscribe({
          next(answer) {
            end('answered');
            observer.next(answer);
          },
          error(error) {
            end(errorReason(error) === 'no_answer' ? 'unanswered' : 'answered');
            observer.error(error);
          },
          complete: () => observer.complete(),
        });
        return () => {
          end('dropped');
          call.unsubscribe();
        };
      });
}
