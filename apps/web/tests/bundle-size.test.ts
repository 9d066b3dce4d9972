import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Built, buildPage } from './needed-javascript.ts';

const KB = 1000;
let built: Built;

beforeAll(async () => {
  built = await buildPage();
}, 120_000);

afterAll(() => built?.remove());

describe('the production build', () => {
  it('needs at most 130 kB of JavaScript, gzipped, for /signin', async () => {
    const bytes = await built.neededBytes(['src/mount.tsx', 'src/auth/amplify.ts', 'src/auth/sign-in-page.tsx']);
    expect(bytes / KB).toBeLessThanOrEqual(130);
    // A page of nothing would pass the limit too.
    expect(bytes / KB).toBeGreaterThan(60);
  });

  it('needs at most 170 kB of JavaScript, gzipped, for the first thread', async () => {
    const bytes = await built.neededBytes(['src/mount.tsx', 'src/messages-app.tsx']);
    expect(bytes / KB).toBeLessThanOrEqual(170);
    expect(bytes / KB).toBeGreaterThan(90);
  });

  it('needs nothing of Amplify for the first thread', async () => {
    const thread = ['src/mount.tsx', 'src/messages-app.tsx'];
    const [without, withAmplify] = await Promise.all([
      built.neededBytes(thread),
      built.neededBytes([...thread, 'src/auth/amplify.ts']),
    ]);
    expect((withAmplify - without) / KB).toBeGreaterThan(15);
  });

  it('has no inline script, which a strict Content-Security-Policy would stop', async () => {
    const html = await built.read('index.html');
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain('src=');
    expect(html).not.toMatch(/\son\w+=/);
  });
});
