import type { IncomingMessage, ServerResponse } from 'node:http';
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape, TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import type { StreamConnection } from '../live/streams.ts';
import { appRouter } from '../router.ts';
import { assertConnectionParams, type CallRequest, firstValue, readInputs } from './answer-calls.ts';
import { endConnection } from './connections.ts';
import { EVENT_STREAM_HEADERS, type Pings, writeEvents } from './event-stream.ts';

const { _config: config } = appRouter._def;
/** A stream has no deadline. */
const NEVER = new AbortController().signal;

interface StreamOptions {
  createContext: (signal: AbortSignal) => Context;
  /** The headers of an answer with this refusal. */
  headersOf: (refusals: readonly TRPCError[]) => Record<string, string>;
  onError: (error: TRPCError) => void;
  pings: Pings;
}

/**
 * Answers a subscription as tRPC's adapters do, but writes its events to the connection: theirs pass through four
 * web streams, which keep some 50 kB for each open stream (decision 0021).
 *
 * @throws {TRPCError} before the answer begins: for connection parameters that tRPC would refuse, and behind another answer
 */
export async function answerStream(
  call: CallRequest,
  { headers, raw }: FastifyRequest,
  reply: FastifyReply,
  { createContext, headersOf, onError, pings }: StreamOptions,
): Promise<void> {
  assertConnectionParams(call);
  const response = reply.raw;
  // Pipelined: Node does not close an answer that waits for another when the client leaves, so the stream would stay open.
  if (response.socket === null) throw new TRPCError({ code: 'BAD_REQUEST' });
  reply.hijack();
  const ctx: Context = { ...createContext(NEVER), connection: connectionOf(raw.socket, response) };
  const events = await subscribe(call, ctx, headers['last-event-id']);
  const refusal = events instanceof TRPCError ? events : undefined;
  // An EventSource reads no body unless the status is 200, so its first event carries the refusal.
  const isHidden = refusal === undefined || headers.accept?.includes('text/event-stream');
  response.writeHead(isHidden ? 200 : getHTTPStatusCodeFromError(refusal), {
    ...(reply.getHeaders() as Record<string, string>),
    ...headersOf(refusal ? [refusal] : []),
    ...EVENT_STREAM_HEADERS,
  });
  // Sent together with the first event, the head would be kept in the parts that it was put together from.
  response.flushHeaders();
  release(raw, ctx);
  const describe = (error: TRPCError) => {
    onError(error);
    return getTRPCErrorShape({ config, error, type: 'subscription', path: call.path, ctx, input: undefined });
  };
  const stopPings = pings.start(response);
  // Not awaited: this function would be kept as long as the stream is open.
  writeEvents(response, events, { client: config.sse?.client, describe }).finally(stopPings).catch(onError);
}

/** Forgets what a stream no longer needs of its request: a token has a kilobyte. */
function release(request: IncomingMessage, ctx: Context): void {
  request.headers = {};
  request.rawHeaders = [];
  ctx.accessToken = undefined;
}

/** Opens a subscription. Returns its events, or why it was refused. */
async function subscribe(
  call: CallRequest,
  ctx: Context,
  lastEventId: string | string[] | undefined,
): Promise<AsyncIterable<unknown> | TRPCError> {
  try {
    if (call.method !== 'GET') throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
    return (await callTRPCProcedure({
      router: appRouter,
      path: call.path,
      type: 'subscription',
      ctx,
      getRawInput: async () => readStreamInput(call, firstValue(lastEventId)),
      batchIndex: 0,
      signal: undefined,
    })) as AsyncIterable<unknown>;
  } catch (error) {
    return getTRPCErrorFromUnknown(error);
  }
}

/** A client that reconnects sends the id of its last event as a header, or in the query. */
function readStreamInput(call: CallRequest, header: string | undefined): unknown {
  const input = readInputs(call)[0];
  const lastEventId = header ?? firstValue(call.query.lastEventId) ?? firstValue(call.query['Last-Event-Id']);
  if (!lastEventId) return input;
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return { ...input, lastEventId };
  return input ?? { lastEventId };
}

function connectionOf(socket: FastifyRequest['socket'], response: ServerResponse): StreamConnection {
  return {
    drop() {
      endConnection(socket);
      // Also ends what still writes to it.
      response.destroy();
    },
    isStalled: () => response.writableNeedDrain,
    onClose: (listener) => (response.closed ? listener() : void response.once('close', listener)),
    endAfterAnswer: () => response.once('finish', () => socket.end()),
  };
}
