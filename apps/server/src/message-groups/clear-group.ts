import { clearGroup as clearGroupInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { time } from '../schemas.ts';
import { stateProcedure } from './state-procedure.ts';

const input = z.object({
  /** `createdAt` of the newest message that the caller was shown: later ones stay. By default everything is cleared. */
  through: time.optional(),
});

/**
 * Clears a conversation, only for the caller: what it has now, or had at a time, is hidden, and it returns to the list with its next
 * message. A request is declined, whatever the time. Idempotent.
 *
 * Refuses with `message_group_not_found`, `rate_limited`.
 */
export const clearGroup = stateProcedure
  .input(input)
  .mutation(async ({ ctx, input: { through } }) =>
    ctx.publishState(await clearGroupInStore(ctx.store, { ...ctx.conversation, through })),
  );
