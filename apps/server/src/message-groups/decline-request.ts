import { declineRequest as declineRequestInStore } from '@cruddur/ddb';
import { viewProcedure } from './view-procedure.ts';

/**
 * Hides a request and what was written in it. Its sender sees no difference. Idempotent.
 *
 * Refuses with `message_group_not_found`, `rate_limited`.
 */
export const declineRequest = viewProcedure.mutation(async ({ ctx }) =>
  ctx.publishView(await declineRequestInStore(ctx.store, ctx.conversation)),
);
