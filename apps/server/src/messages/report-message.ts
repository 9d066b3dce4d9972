import { countCodePoints, REPORT_NOTE_MAX_CODE_POINTS, REPORT_REASONS } from '@cruddur/config';
import { reportMessage as reportMessageInStore, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageAddress } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = messageAddress.extend({
  reason: z.enum(REPORT_REASONS),
  note: z
    .string()
    .trim()
    .refine((note) => countCodePoints(note) <= REPORT_NOTE_MAX_CODE_POINTS)
    .optional(),
});

/**
 * Reports another person's message to the moderators, with what was said around it. The sender does not learn of it. A further
 * report of the same message changes nothing.
 *
 * Refuses with `message_group_not_found`, `message_not_found`, `report_of_own_message`, `rate_limited`.
 */
export const reportMessage = callerProcedure
  .input(input)
  .output(z.null())
  .mutation(async ({ ctx, input }) => {
    const { caller: reporter, store } = ctx;
    await ctx.rateLimits.consume('report', reporter.uuid);
    const { messageGroupUuid, messageUuid, createdAt: at, reason, note } = input;
    await requireMembership(store, { messageGroupUuid, callerUuid: reporter.uuid });
    await reportMessageInStore(store, { messageGroupUuid, messageUuid, at, reporter, reason, note: note || undefined });
    return null;
  });
