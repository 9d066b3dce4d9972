import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Judge, startLighthouse } from '../../support/lighthouse.ts';
import { sharedBrowser, sharedStack } from '../support/shared-stack.ts';

// Accessibility and best practices are the same on every machine. Performance is not: `npm run bench -- lighthouse`.

let judge: Judge;
let url: string;

beforeAll(async () => {
  // Starting the shared browser unpacks the bundled one.
  await sharedBrowser();
  ({ webUrl: url } = await sharedStack());
  judge = await startLighthouse({ timed: false });
});

afterAll(() => judge?.close());

const perfect = { accessibility: 100, 'best-practices': 100 };

describe('Lighthouse finds nothing wrong with', () => {
  it('the sign-in page', async () => {
    expect(await judge.judge(`${url}/signin`, 'mobile')).toMatchObject(perfect);
    expect(await judge.judge(`${url}/signin`, 'desktop')).toMatchObject(perfect);
  }, 120_000);

  it('a thread', async () => {
    const thread = await judge.openThread(url);
    expect(await judge.judge(thread, 'mobile')).toMatchObject(perfect);
    expect(await judge.judge(thread, 'desktop')).toMatchObject(perfect);
  }, 120_000);
});
