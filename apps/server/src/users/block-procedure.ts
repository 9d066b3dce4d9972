import { readGroupState } from '@cruddur/ddb';
import { z } from 'zod';
import { Refusal } from '../errors.ts';
import { messageGroupState } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

/**
 * A procedure that changes whether the caller blocks a person. Returns the state of their conversation for the caller, `null` without one.
 * Published to the caller's other pages, never to the other person.
 */
export const blockProcedure = callerProcedure
  .input(z.object({ handle: z.string().trim().max(100) }))
  .output(messageGroupState.nullable())
  .use(async ({ ctx, input: { handle }, next }) => {
    const { caller, store } = ctx;
    await ctx.rateLimits.consume('change', caller.uuid);
    const other = await ctx.people.byHandle(handle);
    if (other.uuid === caller.uuid) throw new Refusal('recipient_is_self');
    const publishBlock = async (messageGroupUuid: string | undefined) => {
      await ctx.bus.publish({ type: 'settings', userUuid: caller.uuid });
      if (messageGroupUuid === undefined) return null;
      const stored = await readGroupState(store, { messageGroupUuid, userUuid: caller.uuid });
      const state = { messageGroupUuid, ...stored };
      await ctx.bus.publish({ type: 'state', userUuid: caller.uuid, state });
      return state;
    };
    return next({ ctx: { other, publishBlock } });
  });
