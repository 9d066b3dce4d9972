import { acceptRequest as acceptRequestInStore } from '@cruddur/ddb';
import { stateProcedure } from './state-procedure.ts';

/**
 * Accepts a request: from then on it is a conversation like any other. Its sender's pages learn of it. Idempotent.
 *
 * Refuses with `message_group_not_found`, `rate_limited`.
 */
export const acceptRequest = stateProcedure.mutation(async ({ ctx }) => {
  const { conversation, publishState, readState } = ctx;
  const { userUuid, otherUuid } = conversation;
  await acceptRequestInStore(ctx.store, conversation);
  const [mine, theirs] = await Promise.all([readState(userUuid), readState(otherUuid)]);
  // No event tells anyone that they are blocked, or still wait.
  if (theirs.canSend) await publishState(theirs, otherUuid);
  return publishState(mine);
});
