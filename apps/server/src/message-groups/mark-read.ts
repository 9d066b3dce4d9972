import { markRead as markReadInStore, otherMember, passesSignals, readGate, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupUuid, readMarker, time } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({
  messageGroupUuid,
  /** `createdAt` of the newest message seen. */
  createdAt: time,
});

/**
 * Marks a group as read up to a message. Returns the read marker, which never moves backwards. The other member sees it, unless the
 * two can't reach each other or either has switched receipts off, and in a request only once it is accepted.
 *
 * Refuses with `message_group_not_found`.
 */
export const markRead = callerProcedure
  .input(input)
  .output(readMarker)
  .mutation(async ({ ctx, input }) => {
    const { caller, store } = ctx;
    const { messageGroupUuid } = input;
    const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
    const { uuid: otherUuid } = otherMember(members, caller.uuid);
    const [gate, mine, theirs] = await Promise.all([
      readGate(store, caller.uuid, otherUuid),
      ctx.settings.of(caller.uuid),
      ctx.settings.of(otherUuid),
    ]);
    // In a request it is hidden until that is accepted, not for ever.
    const isShown = !gate?.blocked_by && mine.sendsReadReceipts;
    const mark = { messageGroupUuid, userUuid: caller.uuid, at: input.createdAt, isShown };
    const { marker, moved } = await markReadInStore(store, mark);
    const others = isShown && passesSignals(gate) && theirs.sendsReadReceipts ? [otherUuid] : [];
    if (moved) await ctx.bus.publish({ type: 'read', marker, memberUuids: [caller.uuid, ...others] });
    return marker;
  });
