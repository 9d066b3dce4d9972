import { markRead as markReadInStore, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupUuid, readMarker, time } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({
  messageGroupUuid,
  /** `createdAt` of the newest message seen. */
  createdAt: time,
});

/**
 * Marks a group as read up to a message, which the other member sees. Returns the read marker, which never moves backwards.
 *
 * Refuses with `message_group_not_found`.
 */
export const markRead = callerProcedure
  .input(input)
  .output(readMarker)
  .mutation(async ({ ctx, input }) => {
    const { caller, store } = ctx;
    const { messageGroupUuid } = input;
    const [one, other] = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
    const mark = { messageGroupUuid, userUuid: caller.uuid, at: input.createdAt };
    const { marker, moved } = await markReadInStore(store, mark);
    if (moved) await ctx.bus.publish({ type: 'read', marker, memberUuids: [one.uuid, other.uuid] });
    return marker;
  });
