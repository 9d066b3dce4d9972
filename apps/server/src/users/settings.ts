import { MESSAGE_AUDIENCES } from '@cruddur/config';
import { type UserShort, updateUserSettings } from '@cruddur/db';
import { findSuspension } from '@cruddur/ddb';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { callerProcedure } from '../trpc.ts';

/** What a person can set. */
export const storedSettings = z.object({
  /** Who may begin a conversation with the caller. */
  whoMayMessage: z.enum(MESSAGE_AUDIENCES),
  /** Off: no one sees what the caller has read, nor the caller what others have. */
  sendsReadReceipts: z.boolean(),
  /** Off: no one sees the caller typing, nor the caller others. */
  sendsTyping: z.boolean(),
});

const output = storedSettings.extend({ isSuspended: z.boolean() });

/** Returns the caller's settings, and whether moderators have suspended the caller from sending. */
export const settings = callerProcedure.output(output).query(async ({ ctx }) => {
  const [stored, isSuspended] = await Promise.all([ctx.settings.fresh(ctx.caller.uuid), isCallerSuspended(ctx)]);
  return { ...stored, isSuspended };
});

/**
 * Changes some of the caller's settings, and returns all. The caller's other pages read them again.
 *
 * Refuses with `rate_limited`.
 */
export const updateSettings = callerProcedure
  .input(storedSettings.partial())
  .output(output)
  .mutation(async ({ ctx, input }) => {
    const userUuid = ctx.caller.uuid;
    await ctx.rateLimits.consume('change', userUuid);
    const [stored, isSuspended] = await Promise.all([
      updateUserSettings(ctx.db, userUuid, input),
      isCallerSuspended(ctx),
    ]);
    ctx.settings.forget(userUuid);
    await ctx.bus.publish({ type: 'settings', userUuid });
    return { ...stored, isSuspended };
  });

async function isCallerSuspended({ store, caller }: Pick<Context, 'store'> & { caller: UserShort }): Promise<boolean> {
  return (await findSuspension(store, caller.uuid)) !== undefined;
}
