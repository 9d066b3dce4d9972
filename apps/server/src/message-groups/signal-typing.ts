import { otherMember, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupUuid } from '../messages/message-group-uuid.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({ messageGroupUuid });

/**
 * Tells the other member's open pages that the caller is typing. Nothing is stored. A client signals at most once in
 * three seconds, and takes it as over after five without one. Refuses with `message_group_not_found`, `rate_limited`.
 */
export const signalTyping = callerProcedure.input(input).mutation(async ({ ctx, input }) => {
  const { caller, store, signal } = ctx;
  const { messageGroupUuid } = input;
  await ctx.rateLimits.consume('typing', caller.uuid);
  const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid }, { signal });
  const { uuid: toUuid } = otherMember(members, caller.uuid);
  await ctx.bus.publish({ type: 'typing', messageGroupUuid, userUuid: caller.uuid, toUuid });
  return null;
});
