import { otherMember, passesSignals, readGate, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupUuid } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({ messageGroupUuid });

/**
 * Publishes to the other member's open pages that the caller is typing. Nothing is stored. Clients signal at most every three
 * seconds, and let a signal expire after five. It is dropped without a word where the two can't reach each other, in a request, while
 * the caller is suspended, and if either has switched typing off.
 *
 * Refuses with `message_group_not_found`, `rate_limited`.
 */
export const signalTyping = callerProcedure
  .input(input)
  .output(z.null())
  .mutation(async ({ ctx, input: { messageGroupUuid } }) => {
    const { caller, store } = ctx;
    await ctx.rateLimits.consume('typing', caller.uuid);
    const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
    const { uuid: toUuid } = otherMember(members, caller.uuid);
    const [gate, mine, theirs] = await Promise.all([
      readGate(store, caller.uuid, toUuid),
      ctx.settings.of(caller.uuid),
      ctx.settings.of(toUuid),
    ]);
    const isSuspended = gate?.suspended?.has(caller.uuid) ?? false;
    const isShown = passesSignals(gate) && !isSuspended && mine.sendsTyping && theirs.sendsTyping;
    if (isShown) await ctx.bus.publish({ type: 'typing', messageGroupUuid, userUuid: caller.uuid, toUuid });
    return null;
  });
