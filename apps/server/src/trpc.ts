import { initTRPC } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Context } from './context.ts';
import { type Reason, Refusal, sentenceOf, toRefusal } from './errors.ts';
import { addressKey } from './rate-limits.ts';

/** Heartbeat of an idle stream, and the silence after which the client opens it again, in milliseconds. */
const PING_MS = 10_000;
const INACTIVITY_MS = 25_000;

const t = initTRPC.context<Context>().create({
  sse: { ping: { enabled: true, intervalMs: PING_MS }, client: { reconnectAfterInactivityMs: INACTIVITY_MS } },
  // Neither stack nor message of an unexpected error leaves the server; its id leads to the log.
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const refusal = error instanceof Refusal ? error : undefined;
    const isMisfit = getHTTPStatusCodeFromError(error) === 400;
    return {
      ...shape,
      message: refusal?.message ?? sentenceOf(error.code),
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        reason: (refusal?.reason ?? (isMisfit ? 'input_invalid' : null)) as Reason | null,
        retryAfter: refusal?.retryAfter ?? null,
        requestId: ctx?.requestId ?? null,
      },
    };
  },
});

export const router = t.router;

/**
 * Turns every error into a refusal with a stable reason, and observes the call for spans, metrics and the log line. The
 * outermost middleware, so that it sees how the call ended. One instead of two: tRPC copies a call's context for each.
 */
const observed = t.middleware(({ ctx, path, next }) =>
  ctx.telemetry.instrumentProcedure({ procedure: path, requestId: ctx.requestId, record: ctx.record }, async () => {
    const result = await next();
    return result.ok ? result : { ...result, error: toRefusal(result.error) };
  }),
);

/** A procedure whose caller is signed in, and known to Postgres from the first call on. Calls and units are limited. */
export const callerProcedure = t.procedure.use(observed).use(async ({ ctx, path: procedure, next }) => {
  const { sub, accessToken, expiresAt: tokenExpiresAt } = await requireToken(ctx);
  await ctx.rateLimits.consume('call', sub);
  const caller = await ctx.people.ofToken({ sub, accessToken });
  ctx.record.caller = caller.uuid;
  const budget = ctx.rateLimits.unitBudget(caller.uuid);
  const store = ctx.telemetry.meterStore(ctx.store, { procedure, record: ctx.record, budget });
  return next({ ctx: { caller, tokenExpiresAt, store } });
});

/** Rejects missing or invalid tokens, rate-limited by network address. */
async function requireToken(ctx: Context) {
  const { accessToken } = ctx;
  try {
    if (accessToken === undefined) throw new Refusal('token_missing');
    return { ...(await ctx.verifyToken(accessToken)), accessToken };
  } catch (error) {
    const isTry = error instanceof Refusal && (error.reason === 'token_missing' || error.reason === 'token_invalid');
    if (isTry) await ctx.rateLimits.consume('badToken', addressKey(ctx.address));
    throw error;
  }
}
