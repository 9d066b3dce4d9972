import { deleteMessage as deleteMessageInStore } from '@cruddur/ddb';
import { message } from '../schemas.ts';
import { changeProcedure } from './change-procedure.ts';

/**
 * Deletes the caller's own message for both members, at any time, and returns the tombstone that stays in its place. Text,
 * reactions and earlier versions are erased. Idempotent.
 *
 * Refuses with `message_group_not_found`, `message_not_found`, `not_your_message`, `rate_limited`.
 */
export const deleteMessage = changeProcedure.output(message).mutation(async ({ ctx }) => {
  const { address, caller, memberUuids } = ctx;
  return ctx.publishChange(await deleteMessageInStore(ctx.store, { ...address, userUuid: caller.uuid, memberUuids }));
});
