import { HEALTH_PING } from '@cruddur/config/health-ping';
import { z } from 'zod';
import { addressKey } from '../rate-limits.ts';
import { publicProcedure } from '../trpc.ts';

/** Returns a fixed word and calls no store: the way from the public address to a task is what is checked. Refuses with `rate_limited`. */
export const ping = publicProcedure.output(z.literal(HEALTH_PING.answer)).query(async ({ ctx }) => {
  await ctx.rateLimits.consume('ping', addressKey(ctx.address));
  return HEALTH_PING.answer;
});
