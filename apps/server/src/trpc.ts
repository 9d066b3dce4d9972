import { initTRPC } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Context } from './context.ts';
import { defaultMessage, type Reason, Refusal, toRefusal } from './errors.ts';
import { addressKey } from './rate-limits.ts';

/** Interval of an idle stream's pings. The client reconnects after 25 s without one. */
export const PING_MS = 10_000;
const INACTIVITY_MS = 25_000;

const t = initTRPC.context<Context>().create({
  sse: { ping: { enabled: true, intervalMs: PING_MS }, client: { reconnectAfterInactivityMs: INACTIVITY_MS } },
  // No stack leaves the server.
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const refusal = error instanceof Refusal ? error : undefined;
    const isBadInput = getHTTPStatusCodeFromError(error) === 400;
    return {
      ...shape,
      // Never the message of an unexpected error: its request id leads to the log.
      message: refusal?.message ?? defaultMessage(error.code),
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        reason: (refusal?.reason ?? (isBadInput ? 'input_invalid' : null)) as Reason | null,
        retryAfter: refusal?.retryAfter ?? null,
        requestId: ctx?.requestId ?? null,
      },
    };
  },
});

export const router = t.router;

/** Turns every error into a refusal with a stable reason, then records the call. */
const instrumented = t.middleware(({ ctx, path, next }) =>
  ctx.telemetry.instrumentProcedure({ procedure: path, requestId: ctx.requestId, record: ctx.record }, async () => {
    const result = await next();
    return result.ok ? result : { ...result, error: toRefusal(result.error) };
  }),
);

/** A procedure for anyone, such as monitoring. Limits itself by network address. */
export const publicProcedure = t.procedure.use(instrumented);

/** A procedure for a signed-in caller, whose row in PostgreSQL exists from the first call on. Limits calls and units. */
export const callerProcedure = publicProcedure.use(async ({ ctx, path: procedure, next }) => {
  const { sub, accessToken, expiresAt: tokenExpiresAt } = await requireToken(ctx);
  await ctx.rateLimits.consume('call', sub);
  const caller = await ctx.people.ofToken({ sub, accessToken });
  ctx.record.caller = caller.uuid;
  const budget = ctx.rateLimits.unitBudget(caller.uuid);
  const metered = ctx.telemetry.meterStore(ctx.store, { procedure, record: ctx.record, budget });
  return next({ ctx: { caller, tokenExpiresAt, store: { ...metered, signal: ctx.signal } } });
});

/** Rejects missing, invalid and expired tokens. The first two are rate-limited by network address. */
async function requireToken(ctx: Context) {
  const { accessToken } = ctx;
  try {
    if (accessToken === undefined) throw new Refusal('token_missing');
    return { ...(await ctx.verifyToken(accessToken)), accessToken };
  } catch (error) {
    const isLimited = error instanceof Refusal && ['token_missing', 'token_invalid'].includes(error.reason);
    if (isLimited) await ctx.rateLimits.consume('badToken', addressKey(ctx.address));
    throw error;
  }
}
