import { type MessageGroupState, otherMember, readGroupState, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupState, messageGroupUuid } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

/**
 * A procedure that changes the caller's view of a group, and returns it. The caller's other pages are told, also after a repeated
 * call: the first attempt may have failed before that.
 */
export const viewProcedure = callerProcedure
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
    const publishView = async (state: MessageGroupState, userUuid = caller.uuid) => {
      const view = { messageGroupUuid, ...state };
      await ctx.bus.publish({ type: 'state', userUuid, state: view });
      return view;
    };
    const readView = (userUuid: string) => readGroupState(store, { messageGroupUuid, userUuid });
    return next({ ctx: { conversation, publishView, readView } });
  });
