import { blockPerson as blockPersonInStore, declineRequest } from '@cruddur/ddb';
import { blockProcedure } from './block-procedure.ts';

/**
 * Blocks a person: from the answer on, no message, change, typing or read marker passes between the two, on any instance. A request
 * of theirs is declined. Idempotent.
 *
 * Refuses with `user_not_found`, `recipient_is_self`, `rate_limited`.
 */
export const blockPerson = blockProcedure.mutation(async ({ ctx }) => {
  const { caller, other, store } = ctx;
  const messageGroupUuid = await blockPersonInStore(store, { userUuid: caller.uuid, other });
  if (messageGroupUuid !== undefined) {
    await declineRequest(store, { messageGroupUuid, userUuid: caller.uuid, otherUuid: other.uuid });
  }
  return ctx.publishBlock(messageGroupUuid);
});
