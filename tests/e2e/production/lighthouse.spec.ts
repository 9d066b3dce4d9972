import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Judge, startLighthouse } from '../../support/lighthouse.ts';

// Accessibility and best practices are the same on every machine. Performance is not: `npm run bench -- lighthouse`.

let judge: Judge;
const url = inject('webUrl');

beforeAll(async () => {
  judge = await startLighthouse({ timed: false });
});

afterAll(() => judge?.close());

const perfect = { accessibility: 100, 'best-practices': 100 };

describe('the production build, to Lighthouse', () => {
  it('has a sign-in page without a fault', async () => {
    expect(await judge.judge(`${url}/signin`, 'mobile')).toMatchObject(perfect);
    expect(await judge.judge(`${url}/signin`, 'desktop')).toMatchObject(perfect);
  }, 120_000);

  it('has a thread without a fault', async () => {
    const thread = await judge.openThread(url);
    expect(await judge.judge(thread, 'mobile')).toMatchObject(perfect);
    expect(await judge.judge(thread, 'desktop')).toMatchObject(perfect);
  }, 120_000);
});
