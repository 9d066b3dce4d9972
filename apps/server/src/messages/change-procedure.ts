import { isHiddenBy, type Message, otherMember, readGate, requireMembership, requireOpenGate } from '@cruddur/ddb';
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
  const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
  const memberUuids = [members[0].uuid, members[1].uuid] as const;
  const otherUuid = otherMember(members, caller.uuid).uuid;
  const publishChange = async (message: Message, toUuids = memberUuids): Promise<Message> => {
    await ctx.bus.publish({ type: 'changed', message, memberUuids: toUuids });
    return message;
  };
  return next({ ctx: { address: { messageGroupUuid, messageUuid, at }, memberUuids, otherUuid, publishChange } });
});

/** The same for changes that need an open gate: what the other person sees, but no deletion. */
export const openChangeProcedure = changeProcedure.use(async ({ ctx, next }) => {
  const { address, caller, publishChange } = ctx;
  const gate = await readGate(ctx.store, caller.uuid, ctx.otherUuid);
  requireOpenGate(gate, caller.uuid);
  if (!gate?.request || !isHiddenBy(gate.request, address.at)) return next({ ctx: { publishChange } });
  const publishToSender = (message: Message) => publishChange(message, [caller.uuid, caller.uuid]);
  return next({ ctx: { publishChange: publishToSender } });
});
