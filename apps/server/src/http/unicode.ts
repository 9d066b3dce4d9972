import { isUtf8 } from 'node:buffer';
import { TRPCError } from '@trpc/server';

// Text that is not Unicode cannot be stored unchanged, so it is refused.

/** A JSON escape of a surrogate, which may be half of a character or lone. */
const SURROGATE_ESCAPE = /\\ud[89a-f]/i;

/**
 * Decodes a body of JSON, without parsing it.
 *
 * @throws {TRPCError} for bytes that are not UTF-8, and for strings with a lone surrogate
 */
export function readUnicodeJson(body: Buffer): string {
  if (!isUtf8(body)) throw new TRPCError({ code: 'BAD_REQUEST' });
  const json = body.toString();
  assertUnicodeJson(json);
  return json;
}

/**
 * Checks a query before `URLSearchParams` replaces bytes that are not UTF-8 by U+FFFD. Refuses fragments, which no client
 * sends, and which Fastify reads as the query.
 *
 * @throws {TRPCError}
 */
export function assertUnicodeQuery(url: string): void {
  if (url.includes('#')) throw new TRPCError({ code: 'BAD_REQUEST' });
  const query = url.slice(url.indexOf('?') + 1);
  try {
    if (!SURROGATE_ESCAPE.test(decodeURIComponent(query))) return;
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause });
  }
  assertUnicodeJson(new URLSearchParams(query).get('input') ?? '');
}

function assertUnicodeJson(json: string): void {
  // A reviver is several times as slow as the parser, and hardly any request has such an escape.
  if (!SURROGATE_ESCAPE.test(json)) return;
  try {
    JSON.parse(json, (key, value: unknown) => {
      if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
      throw new Error('a string has a lone surrogate');
    });
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause });
  }
}
