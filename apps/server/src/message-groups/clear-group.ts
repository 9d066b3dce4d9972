import { clearGroup as clearGroupInStore } from '@cruddur/ddb';
import { viewProcedure } from './view-procedure.ts';

/**
 * Clears a conversation for the caller alone: what is there now is gone, and it returns with its next message. A request is
 * declined. Idempotent.
 *
 * Refuses with `message_group_not_found`, `rate_limited`.
 */
export const clearGroup = viewProcedure.mutation(async ({ ctx }) =>
  ctx.publishView(await clearGroupInStore(ctx.store, ctx.conversation)),
);
