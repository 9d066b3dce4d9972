import { type Message, requireMembership } from '@cruddur/ddb';
import { messageAddress } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

/**
 * A procedure that changes one message of a group. It publishes every change that succeeds, also a repeated one: the first
 * attempt may have failed before that.
 */
export const changeProcedure = callerProcedure.input(messageAddress).use(async ({ ctx, input, next }) => {
  const { caller, store } = ctx;
  await ctx.rateLimits.consume('change', caller.uuid);
  const { messageGroupUuid, messageUuid, createdAt: at } = input;
  const [one, other] = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
  const memberUuids = [one.uuid, other.uuid] as const;
  const publishChange = async (message: Message): Promise<Message> => {
    await ctx.bus.publish({ type: 'changed', message, memberUuids });
    return message;
  };
  return next({ ctx: { address: { messageGroupUuid, messageUuid, at }, memberUuids, publishChange } });
});
