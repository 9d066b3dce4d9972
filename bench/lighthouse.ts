import { startDevStack } from '../tests/e2e/support/stack.ts';
import { type Scores, startLighthouse } from '../tests/support/lighthouse.ts';
import { serveProductionPage } from '../tests/support/production-page.ts';
import { spread } from './statistics.ts';

const ROUNDS = 5;

/** Lighthouse's scores of the production build, the median of five runs each. */
export async function benchLighthouse(log: (line: string) => void): Promise<string[][]> {
  const stack = await startDevStack();
  try {
    const page = await serveProductionPage(stack.env);
    const judge = await startLighthouse();
    try {
      const rows: string[][] = [];
      // The order matters: signed in, nobody sees the sign-in page.
      const pages = [
        ['/signin', () => Promise.resolve(`${page.url}/signin`)],
        ['a thread', () => judge.openThread(page.url)],
      ] as const;
      for (const [name, open] of pages) {
        const url = await open();
        for (const device of ['mobile', 'desktop'] as const) {
          log(`${name}, ${device}`);
          const rounds: Scores[] = [];
          for (let round = 0; round < ROUNDS; round++) rounds.push(await judge.judge(url, device));
          const scores = (['performance', 'accessibility', 'best-practices'] as const).map((category) =>
            spread(
              rounds.map((each) => each[category]),
              0,
            ),
          );
          rows.push([name, device, ...scores]);
        }
      }
      return rows;
    } finally {
      await Promise.all([page.stop(), judge.close()]);
    }
  } finally {
    await stack.stop();
  }
}
