import { updateGroupState } from '@cruddur/ddb';
import { z } from 'zod';
import { time } from '../schemas.ts';
import { stateProcedure } from './state-procedure.ts';

const input = z.object({
  /** A time, `always`, or `null` to unmute. */
  mutedUntil: z.union([time, z.literal('always'), z.null()]).optional(),
  isPinned: z.boolean().optional(),
  /** The read marker stays where it is. */
  isMarkedUnread: z.boolean().optional(),
});

/**
 * Mutes, pins or marks a conversation as unread, or the reverse, only for the caller. Idempotent.
 *
 * Refuses with `message_group_not_found`, `pin_limit_reached`, `rate_limited`.
 */
export const updateGroup = stateProcedure.input(input).mutation(async ({ ctx, input }) => {
  const { messageGroupUuid, userUuid } = ctx.conversation;
  const { mutedUntil, isPinned, isMarkedUnread } = input;
  const change = { mutedUntil, isPinned, isMarkedUnread };
  return ctx.publishState(await updateGroupState(ctx.store, { messageGroupUuid, userUuid }, change));
});
