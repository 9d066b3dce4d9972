import { unblockPerson as unblockPersonInStore } from '@cruddur/ddb';
import { blockProcedure } from './block-procedure.ts';

/** Ends the caller's block of a person. Idempotent. Refuses with `user_not_found`, `recipient_is_self`, `rate_limited`. */
export const unblockPerson = blockProcedure.mutation(async ({ ctx }) => {
  const { caller, other, store } = ctx;
  return ctx.publishBlock(await unblockPersonInStore(store, { userUuid: caller.uuid, other }));
});
