import type { ThreadRow } from './thread-rows.ts';

/** Whether rows came in above those that were there. */
export function isPrepending(before: readonly ThreadRow[], after: readonly ThreadRow[]): boolean {
  const first = firstMessageKey(before);
  return first !== undefined && first !== firstMessageKey(after) && after.some((row) => row.key === first);
}

// A day's row does not tell: it moves up when messages of the same day come in above.
function firstMessageKey(rows: readonly ThreadRow[]): string | undefined {
  return rows.find((row) => row.kind !== 'day')?.key;
}

/** How many messages of the other person stand below the last row that the reader has seen. */
export function countNewBelow(rows: readonly ThreadRow[], seenKey: string | undefined): number {
  let count = 0;
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index];
    if (row === undefined || row.key === seenKey) return count;
    if (row.kind === 'message' && !row.own) count++;
  }
  // The row that was seen last is gone: a message on its way was deleted, or the thread was read anew.
  return 0;
}

/** The index of the next message from a row, up or down; from none, the newest. -1 where there is none. */
export function stepToMessage(rows: readonly ThreadRow[], from: number, step: 1 | -1): number {
  const isMessage = (index: number) => rows[index] !== undefined && rows[index]?.kind !== 'day';
  if (from === -1) return rows.findLastIndex((row) => row.kind !== 'day');
  let index = from + step;
  while (index >= 0 && index < rows.length && !isMessage(index)) index += step;
  return isMessage(index) ? index : -1;
}
