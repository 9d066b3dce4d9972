import { isDeepStrictEqual } from 'node:util';

/**
 * Whether EventBridge passes an event, for patterns of plain values: each named field has one of the listed values.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((value) => isDeepStrictEqual(value, event));
  if (!isRecord(pattern)) throw new TypeError('a pattern has fields and lists only');
  return Object.entries(pattern).every(
    ([name, of]) => isRecord(event) && name in event && matchesPattern(of, event[name]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
