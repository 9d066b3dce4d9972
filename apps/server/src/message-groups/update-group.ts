import { updateGroupState } from '@cruddur/ddb';
import { z } from 'zod';
import { time } from '../schemas.ts';
import { viewProcedure } from './view-procedure.ts';

const input = z.object({
  /** A time, `always`, or `null` for not at all. */
  mutedUntil: z.union([time, z.literal('always'), z.null()]).optional(),
  isPinned: z.boolean().optional(),
  /** The read marker stays where it is. */
  isMarkedUnread: z.boolean().optional(),
});

/**
 * Mutes, pins or marks a conversation as unread, for the caller alone. Idempotent.
 *
 * Refuses with `message_group_not_found`, `pin_limit_reached`, `rate_limited`.
 */
export const updateGroup = viewProcedure.input(input).mutation(async ({ ctx, input }) => {
  const { messageGroupUuid, userUuid } = ctx.conversation;
  const { mutedUntil, isPinned, isMarkedUnread } = input;
  const change = { mutedUntil, isPinned, isMarkedUnread };
  return ctx.publishView(await updateGroupState(ctx.store, { messageGroupUuid, userUuid }, change));
});
