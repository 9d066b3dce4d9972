import { clearGroup as clearGroupInStore } from '@cruddur/ddb';
import { stateProcedure } from './state-procedure.ts';

/**
 * Clears a conversation, only for the caller: what it has now is hidden, and it returns to the list with its next message. A request
 * is declined. Idempotent.
 *
 * Refuses with `message_group_not_found`, `rate_limited`.
 */
export const clearGroup = stateProcedure.mutation(async ({ ctx }) =>
  ctx.publishState(await clearGroupInStore(ctx.store, ctx.conversation)),
);
