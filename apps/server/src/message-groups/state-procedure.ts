import { type MessageGroupState, otherMember, readGroupState, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupState, messageGroupUuid } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

/**
 * A procedure that changes a group's state for the caller, and returns it. It publishes the state to the caller's other pages, also
 * after a repeated call: the first attempt may have failed before that.
 */
export const stateProcedure = callerProcedure
  .input(z.object({ messageGroupUuid }))
  .output(messageGroupState)
  .use(async ({ ctx, input: { messageGroupUuid }, next }) => {
    const { caller, store } = ctx;
    await ctx.rateLimits.consume('change', caller.uuid);
    const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
    const conversation = {
      messageGroupUuid,
      userUuid: caller.uuid,
      otherUuid: otherMember(members, caller.uuid).uuid,
    };
    const publishState = async (stored: MessageGroupState, userUuid = caller.uuid) => {
      const state = { messageGroupUuid, ...stored };
      await ctx.bus.publish({ type: 'state', userUuid, state });
      return state;
    };
    const readState = (userUuid: string) => readGroupState(store, { messageGroupUuid, userUuid });
    return next({ ctx: { conversation, publishState, readState } });
  });
