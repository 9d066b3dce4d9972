import { acceptRequest as acceptRequestInStore } from '@cruddur/ddb';
import { viewProcedure } from './view-procedure.ts';

/**
 * Accepts a request: from then on it is a conversation like any other. Its sender is told. Idempotent.
 *
 * Refuses with `message_group_not_found`, `rate_limited`.
 */
export const acceptRequest = viewProcedure.mutation(async ({ ctx }) => {
  const { conversation, publishView, readView } = ctx;
  const { userUuid, otherUuid } = conversation;
  await acceptRequestInStore(ctx.store, conversation);
  const [mine, theirs] = await Promise.all([readView(userUuid), readView(otherUuid)]);
  await publishView(theirs, otherUuid);
  return publishView(mine);
});
