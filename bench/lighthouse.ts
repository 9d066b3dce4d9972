import { startProductionStack } from '../tests/e2e/support/stack.ts';
import { type Scores, startLighthouse } from '../tests/support/lighthouse.ts';
import { log, type Table } from './report.ts';
import { spreadOf } from './statistics.ts';

/** One round shows regressions and takes half a minute, because the stream of a thread never ends. */
const ROUNDS = 1;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;

/** Lighthouse scores of the production build. */
export async function benchLighthouse(): Promise<Table[]> {
  const stack = await startProductionStack();
  const judge = await startLighthouse({ timed: true });
  try {
    const rows: string[][] = [];
    // In this order: with a session there is no sign-in page.
    const pages: [string, () => Promise<string>][] = [
      ['/signin', async () => `${stack.webUrl}/signin`],
      ['a thread', () => judge.openThread(stack.webUrl)],
    ];
    for (const [name, open] of pages) {
      const url = await open();
      for (const device of ['mobile', 'desktop'] as const) {
        log(`${name}, ${device}`);
        const rounds: Scores[] = [];
        for (let round = 0; round < ROUNDS; round++) rounds.push(await judge.judge(url, device));
        rows.push([name, device, ...CATEGORIES.map((category) => spreadOf(rounds, (each) => each[category] ?? 0, 0))]);
      }
    }
    return [{ head: ['page', 'device', 'performance', 'accessibility', 'best practices'], rows }];
  } finally {
    await judge.close();
    await stack.stop();
  }
}
