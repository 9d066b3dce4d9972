import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import {
  type AnyTRPCProcedure,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
} from '@trpc/server';
import { getHTTPStatusCode, parseConnectionParamsFromString } from '@trpc/server/http';
import type { Context } from '../context.ts';
import { appRouter } from '../router.ts';

const { _config: config } = appRouter._def;
// Flat, by path: the type shows nested routers.
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyTRPCProcedure>);
const types = new Map(procedures.map(([path, { _def }]) => [path, _def.type]));

/** A request for one procedure, or for several in a batch. */
export interface CallRequest {
  method: string;
  /** The name of the procedure, or those of a batch with commas between them. */
  path: string;
  query: Readonly<Record<string, string | string[] | undefined>>;
  /** JSON, unparsed. */
  body: string | undefined;
}

/** Whether a request asks for a stream. Those in a batch are refused as calls. */
export function isStreamRequest({ path, query }: CallRequest): boolean {
  return types.get(path) === 'subscription' && !isBatch(query);
}

/**
 * Calls queries and mutations, and answers as tRPC's adapters do. Those create a `Request`, a `Response`, lists of headers
 * and an abort signal for each request: a third of the work of a small call (decision 0013).
 *
 * @throws {TRPCError} for a batch that is too large, or mixes queries and mutations
 */
export async function answerCalls(request: CallRequest, createContext: () => Context) {
  const { method, path, query } = request;
  const paths = isBatch(query) ? path.split(',') : [path];
  const known = new Set(paths.flatMap((each) => types.get(each) ?? []));
  if (paths.length > HTTP_LIMITS.batchCalls || known.size > 1) throw new TRPCError({ code: 'BAD_REQUEST' });
  assertConnectionParams(request);
  const inputOf = createInputReader(request);
  const ctx = createContext();
  const failures: { error: TRPCError; path: string }[] = [];

  const call = async (path: string, batchIndex: number) => {
    const type = types.get(path) ?? 'unknown';
    try {
      if (type === 'unknown') throw new TRPCError({ code: 'NOT_FOUND' });
      if (method !== (type === 'mutation' ? 'POST' : 'GET')) throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
      if (type === 'subscription') throw new TRPCError({ code: 'BAD_REQUEST' });
      const getRawInput = async () => inputOf(batchIndex);
      const options = { router: appRouter, path, type, ctx, getRawInput, batchIndex, signal: ctx.signal };
      return { result: { data: (await callTRPCProcedure(options)) as unknown } };
    } catch (cause) {
      const error = getTRPCErrorFromUnknown(cause);
      failures.push({ error, path });
      return { error: getTRPCErrorShape({ config, error, type, path, ctx, input: undefined }) };
    }
  };

  const answers = await Promise.all(paths.map(call));
  const answer = isBatch(query) ? answers : answers[0];
  return { status: getHTTPStatusCode(answer as never), body: JSON.stringify(answer), failures };
}

/**
 * No procedure reads connection parameters. Malformed ones are refused, as by tRPC.
 *
 * @throws {TRPCError}
 */
export function assertConnectionParams({ query: { connectionParams } }: CallRequest): void {
  if (connectionParams !== undefined) parseConnectionParamsFromString(firstValue(connectionParams) ?? '');
}

/** Returns a function that returns the input of a call. Parses when the first procedure asks, after it knows its caller. */
function createInputReader(request: CallRequest): (index: number) => unknown {
  let inputs: Readonly<Record<number, unknown>> | undefined;
  return (index) => {
    inputs ??= readInputs(request);
    return inputs[index];
  };
}

/** The inputs by the index of their call in the batch. */
export function readInputs({ method, query, body }: CallRequest): Readonly<Record<number, unknown>> {
  const json = method === 'GET' ? firstValue(query.input) : body;
  if (!json && method === 'GET') return [];
  try {
    const inputs: unknown = JSON.parse(json ?? '');
    if (!isBatch(query)) return [inputs];
    if (typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs)) return { ...inputs };
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause });
  }
  throw new TRPCError({ code: 'BAD_REQUEST' });
}

const isBatch = (query: CallRequest['query']) => firstValue(query.batch) === '1';

/** A parameter of the query may be repeated. */
export const firstValue = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
