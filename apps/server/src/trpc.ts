import { initTRPC } from '@trpc/server';
import type { Context } from './context.ts';
import { type Reason, Refusal, toRefusal } from './errors.ts';

const t = initTRPC.context<Context>().create({
  // Neither stack nor message of an unexpected error leaves the server; its id leads to the log.
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const refusal = error instanceof Refusal ? error : undefined;
    const isExpected = error.code !== 'INTERNAL_SERVER_ERROR';
    return {
      ...shape,
      message: isExpected ? shape.message : 'Something went wrong on our side.',
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        reason: (refusal?.reason ?? (error.code === 'BAD_REQUEST' ? 'input_invalid' : null)) as Reason | null,
        retryAfter: refusal?.retryAfter ?? null,
        requestId: ctx?.requestId ?? null,
      },
    };
  },
});

export const router = t.router;

/** Gives every error its stable reason. Stands first, so that it sees what all later steps throw. */
const refusals = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toRefusal(result.error);
  return result;
});

/** A procedure whose caller is signed in, and known to Postgres from the first call on. */
export const callerProcedure = t.procedure.use(refusals).use(async ({ ctx, next }) => {
  const token = ctx.accessToken;
  if (!token) throw new Refusal('token_missing');
  const { sub } = await ctx.verifyToken(token);
  await ctx.rateLimits.consume('call', sub);
  const caller = await ctx.people.ofToken({ sub, accessToken: token });
  return next({ ctx: { caller } });
});
