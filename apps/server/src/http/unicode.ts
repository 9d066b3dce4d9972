/** A request's text that is not Unicode. It could not be stored as it is, so it is refused rather than altered. */
export class NotUnicodeError extends Error {
  override name = 'NotUnicodeError';
  readonly statusCode = 400;
}

/** An escape of a surrogate in JSON: half of a character, or a lone one. */
const SURROGATE_ESCAPE = /\\ud[89a-f]/i;

/**
 * Parses a request's JSON.
 *
 * @throws {NotUnicodeError} if any string in it has a lone surrogate
 * @throws {SyntaxError}
 */
export function parseJson(text: string): unknown {
  // A reviver takes several times as long as the parser itself, and hardly any request has such an escape.
  if (!SURROGATE_ESCAPE.test(text)) return JSON.parse(text);
  return JSON.parse(text, (key, value: unknown) => {
    if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
    throw new NotUnicodeError('a string has a lone surrogate');
  });
}

/**
 * Checks a query, which `URLSearchParams` would alter: it makes U+FFFD of bytes that are not UTF-8.
 *
 * @throws {NotUnicodeError}
 */
export function assertUnicodeQuery(url: string): void {
  const query = url.slice(url.indexOf('?') + 1);
  try {
    if (SURROGATE_ESCAPE.test(decodeURIComponent(query))) parseJson(new URLSearchParams(query).get('input') ?? 'null');
  } catch (cause) {
    throw new NotUnicodeError('the query is not Unicode', { cause });
  }
}
