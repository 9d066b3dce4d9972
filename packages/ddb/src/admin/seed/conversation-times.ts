import type { SeededLine } from './conversation.ts';

const MILLISECONDS_A_MINUTE = 60_000;

/**
 * When each line was sent, so that the last one falls at `endsAt`.
 *
 * @returns a time for every line, in their order
 */
export function conversationTimes(lines: readonly Pick<SeededLine, 'minutesAfterPrevious'>[], endsAt: Date): Date[] {
  const times: Date[] = [];
  let at = endsAt.getTime();
  for (const { minutesAfterPrevious } of lines.toReversed()) {
    times.push(new Date(at));
    at -= Math.round(minutesAfterPrevious * MILLISECONDS_A_MINUTE);
  }
  return times.reverse();
}
