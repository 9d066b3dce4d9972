import { declineRequest as declineRequestInStore } from '@cruddur/ddb';
import { stateProcedure } from './state-procedure.ts';

/**
 * Hides a request and what was written in it. Its sender sees no difference. Idempotent.
 *
 * Refuses with `message_group_not_found`, `rate_limited`.
 */
export const declineRequest = stateProcedure.mutation(async ({ ctx }) =>
  ctx.publishState(await declineRequestInStore(ctx.store, ctx.conversation)),
);
