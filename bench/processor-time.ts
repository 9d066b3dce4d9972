import { readFileSync } from 'node:fs';
import type { BenchServer } from './stack.ts';

/** Linux counts in hundredths of a second. */
const TICKS_A_SECOND = 100;

/** The seconds of a processor that a server has taken so far, its own and the kernel's on its behalf. */
export function processorSeconds({ pid }: BenchServer): number {
  const fields = readFileSync(`/proc/${pid()}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
