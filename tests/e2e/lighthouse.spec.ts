import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Judge, startLighthouse } from '../support/lighthouse.ts';
import { type ProductionPage, serveProductionPage } from '../support/production-page.ts';

// Accessibility and best practices are the same on every machine. Performance is not: `npm run bench -- lighthouse`.

let page: ProductionPage;
let judge: Judge;

beforeAll(async () => {
  [page, judge] = await Promise.all([serveProductionPage(inject('stackEnv')), startLighthouse()]);
}, 120_000);

afterAll(async () => {
  await Promise.all([page?.stop(), judge?.close()]);
});

const perfect = { accessibility: 100, 'best-practices': 100 };

describe('the production build, to Lighthouse', () => {
  it('has a sign-in page without a fault', async () => {
    expect(await judge.judge(`${page.url}/signin`, 'mobile')).toMatchObject(perfect);
    expect(await judge.judge(`${page.url}/signin`, 'desktop')).toMatchObject(perfect);
  }, 120_000);

  it('has a thread without a fault', async () => {
    const url = await judge.openThread(page.url);
    expect(await judge.judge(url, 'mobile')).toMatchObject(perfect);
    expect(await judge.judge(url, 'desktop')).toMatchObject(perfect);
  }, 120_000);
});
