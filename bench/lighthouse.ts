import { startProductionStack } from '../tests/e2e/support/stack.ts';
import { type Scores, startLighthouse } from '../tests/support/lighthouse.ts';
import { spread } from './statistics.ts';

/** One is enough to see what has become worse: a round takes half a minute, since the thread's stream never ends. */
const ROUNDS = 1;

/** Lighthouse's scores of the production build, one run each. */
export async function benchLighthouse(log: (line: string) => void): Promise<string[][]> {
  const stack = await startProductionStack();
  try {
    const judge = await startLighthouse({ timed: true });
    try {
      const rows: string[][] = [];
      // The order matters: signed in, nobody sees the sign-in page.
      const pages = [
        ['/signin', () => Promise.resolve(`${stack.webUrl}/signin`)],
        ['a thread', () => judge.openThread(stack.webUrl)],
      ] as const;
      for (const [name, open] of pages) {
        const url = await open();
        for (const device of ['mobile', 'desktop'] as const) {
          log(`${name}, ${device}`);
          const rounds: Scores[] = [];
          for (let round = 0; round < ROUNDS; round++) rounds.push(await judge.judge(url, device));
          const scores = (['performance', 'accessibility', 'best-practices'] as const).map((category) =>
            spread(
              rounds.map((each) => each[category] ?? 0),
              0,
            ),
          );
          rows.push([name, device, ...scores]);
        }
      }
      return rows;
    } finally {
      await judge.close();
    }
  } finally {
    await stack.stop();
  }
}
