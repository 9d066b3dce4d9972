import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { freePort } from '@cruddur/local/free-port';
import { execa } from 'execa';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../tests/e2e/support/browser.ts';
import { inheritedEnv } from '../tests/support/env.ts';
import { untilAnswered } from '../tests/support/until-answered.ts';
import { log, type Table } from './report.ts';
import { spread, spreadOf } from './statistics.ts';

const START_MS = 120_000;
const STOP_MS = 15_000;

/** Seconds from a command to its result. */
export async function benchStart({ rounds, withTests }: { rounds: number; withTests: boolean }): Promise<Table[]> {
  const rows = [...(await timeDev(rounds)), ...(await timeBuild(rounds))];
  if (withTests) {
    log('npm test');
    rows.push(['`npm test`', ((await timeNpm(['test'])) / 1000).toFixed(0)]);
  }
  return [{ head: ['what', 'seconds'], rows }];
}

async function timeDev(rounds: number): Promise<string[][]> {
  const browser = await launchBrowser();
  const times: { fresh: number; again: number }[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      log(`npm run dev, round ${round}`);
      const dataDir = await mkdtemp(path.join(tmpdir(), 'cruddur-start-'));
      const fresh = await devToFirstPage(browser, dataDir);
      const again = await devToFirstPage(browser, dataDir);
      await rm(dataDir, { recursive: true, force: true });
      times.push({ fresh, again });
    }
  } finally {
    await browser.close();
  }
  return [
    ['`npm run dev` to the sign-in page, no data yet', spreadOf(times, ({ fresh }) => fresh / 1000, 1)],
    ['`npm run dev` to the sign-in page, again', spreadOf(times, ({ again }) => again / 1000, 1)],
  ];
}

/** Milliseconds from `npm run dev` until a browser shows the first page and the API is ready for it. */
async function devToFirstPage(browser: Browser, dataDir: string): Promise<number> {
  const env: Record<string, string> = { LOCAL_DATA_DIR: dataDir };
  const ports: number[] = [];
  for (const name of ['WEB_PORT', 'API_PORT', 'DYNAMODB_PORT', 'COGNITO_PORT', 'POSTGRES_PORT']) {
    ports.push(await freePort());
    env[name] = String(ports.at(-1));
  }
  const start = performance.now();
  const child = execa('npm', ['run', 'dev'], {
    cwd: ROOT_DIR,
    env: { ...inheritedEnv(), ...env },
    extendEnv: false,
    stdio: 'ignore',
    reject: false,
    forceKillAfterDelay: STOP_MS,
  });
  const untilShown = async () => {
    await Promise.all([
      untilAnswered(`http://127.0.0.1:${env.API_PORT}/readyz`, { timeoutMs: START_MS }),
      untilAnswered(`http://127.0.0.1:${env.WEB_PORT}/`, { timeoutMs: START_MS }).then(() =>
        showSignIn(browser, env.WEB_PORT ?? ''),
      ),
    ]);
    return performance.now() - start;
  };
  const [milliseconds] = await Promise.all([untilShown().finally(() => child.kill('SIGTERM')), child]);
  return milliseconds;
}

async function showSignIn(browser: Browser, port: string): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/signin`, { timeout: START_MS });
  await page.getByRole('button', { name: 'Sign in' }).waitFor({ timeout: START_MS });
  await context.close();
}

async function timeBuild(rounds: number): Promise<string[][]> {
  log('npm run build');
  const cold: number[] = [];
  const cached: number[] = [];
  for (let round = 0; round < rounds; round++) {
    cold.push((await timeNpm(['run', 'build', '--', '--force'])) / 1000);
    cached.push((await timeNpm(['run', 'build'])) / 1000);
  }
  return [
    ['`npm run build`, cold', spread(cold, 1)],
    ['`npm run build`, nothing changed', spread(cached, 1)],
  ];
}

async function timeNpm(command: string[]): Promise<number> {
  const start = performance.now();
  await execa('npm', command, { cwd: ROOT_DIR, env: inheritedEnv(), extendEnv: false });
  return performance.now() - start;
}
