import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_DIR, type StackEnv } from '@cruddur/config/env';
import { pageConfigScript } from '@cruddur/config/page-config';
import { securityHeaders } from '@cruddur/config/security-headers';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { listen } from '@cruddur/db';
import { type Engine, localFiles } from '@cruddur/local';
import { freePort } from '@cruddur/local/free-port';
import type { Page } from 'playwright-core';
import { startEngine } from '../packages/local/src/engines/engine.ts';
import { createFront } from '../packages/local/src/production/front.ts';
import { composer } from '../tests/e2e/support/thread.ts';
import { untilAnswered } from '../tests/support/until-answered.ts';
import { allMarks, expectText, watchDelivery } from './delivery-marks.ts';
import { newContext, newPage, type Production, signInSeeded, withProduction } from './production.ts';
import { log, type Table } from './report.ts';
import { quantile } from './statistics.ts';

const MESSAGES = 60;
const WARM_UP = 5;
const PAUSE_MS = 50;
const CHANNEL = 'cruddur_events';

/** Stages of a message's delivery, each from one moment to the next. */
const LEGS: [name: string, from: Moment, to: Moment][] = [
  ['the sender’s page, from Enter to the request', 'entered', 'requested'],
  ['front and server, until the message has its time', 'requested', 'timed'],
  ['DynamoDB’s write and PostgreSQL’s notification, until received', 'timed', 'notified'],
  ['the other instance and its front, until the event is in the page', 'notified', 'arrived'],
  ['the other page, until the thread has it', 'arrived', 'seen'],
  ['until it is painted', 'seen', 'painted'],
  ['**from Enter to the other’s screen**', 'entered', 'painted'],
  ['from Enter until the sender’s page has the answer', 'entered', 'acknowledged'],
];

const MOMENTS = ['entered', 'requested', 'timed', 'notified', 'arrived', 'seen', 'painted', 'acknowledged'] as const;
type Moment = (typeof MOMENTS)[number];
type Delivery = Record<Moment, number>;

/** Times messages from one person's Enter to the other's screen: two browser contexts, two instances. */
export function benchDelivery(): Promise<Table[]> {
  return withProduction(async (production) => {
    const { stack, env } = production;
    const second = await startSecondInstance(production);
    const notifications = await recordNotifications(env);
    try {
      const sender = await openThread(production, stack.webUrl, 'andrewbrown');
      const reader = await openThread(production, second.url, 'bayko');
      // The stream opens after the page is drawn.
      await sleep(2000);
      log(`${MESSAGES} messages`);
      for (let i = 0; i < WARM_UP + MESSAGES; i++) {
        await sendAndAwait(sender, reader, nthText(i));
        await sleep(PAUSE_MS);
      }
      const marks = [await sender.evaluate(allMarks), await reader.evaluate(allMarks)];
      const texts = Array.from({ length: MESSAGES }, (_, i) => nthText(WARM_UP + i));
      const deliveries = texts.map((text) =>
        deliveryOf(text, [...marks.map((each) => each[text]), { notified: notifications.at.get(text) }]),
      );
      const legs = LEGS.map(([name, from, to]) =>
        row(
          name,
          deliveries.map((delivery) => delivery[to] - delivery[from]),
        ),
      );
      const server = row('the server’s whole call, by its log', serverTimes(env).slice(-MESSAGES));
      return [{ head: ['leg', 'p50 ms', 'p95 ms'], rows: [...legs, server] }];
    } finally {
      await notifications.close();
      await second.stop();
    }
  });
}

/** Signs in at the first instance, because the Cognito emulator only answers its page, and opens the thread at `url`. */
async function openThread({ stack, browser }: Production, url: string, handle: string): Promise<Page> {
  const first = await newContext(browser, stack.webUrl);
  await signInSeeded(first, handle);
  const { cookies, origins } = await first.storageState();
  await first.close();
  const storageState = { cookies, origins: origins.map((each) => ({ ...each, origin: url })) };
  const context = await newContext(browser, url, { storageState });
  await context.addInitScript(watchDelivery);
  const page = await newPage(context);
  await page.goto(`/messages/${SEEDED_MESSAGE_GROUP_UUID}`);
  await page.getByRole('log').waitFor();
  return page;
}

function row(name: string, times: readonly number[]): string[] {
  return [name, ...[0.5, 0.95].map((q) => quantile(times, q).toFixed(1))];
}

// All of the same length, so that none is a prefix of another.
const nthText = (i: number) => `Delivery ${1000 + i}`;

/** Sends a text and waits until the reader's page has painted it. */
async function sendAndAwait(sender: Page, reader: Page, text: string): Promise<void> {
  const box = composer(sender);
  const send = async () => {
    await box.fill(text);
    await box.press('Enter');
  };
  await Promise.all([reader.evaluate(expectText, text), send()]);
}

/** Merges the moments of a text. Later sources win over earlier ones. */
function deliveryOf(text: string, sources: (Partial<Delivery> | undefined)[]): Delivery {
  const delivery: Partial<Delivery> = Object.assign({}, ...sources);
  const missing = MOMENTS.filter((moment) => delivery[moment] === undefined);
  if (missing.length > 0) throw new Error(`${text} has no ${missing.join(', ')}`);
  return delivery as Delivery;
}

/** Records when the notification of each message arrives. */
async function recordNotifications({
  postgres,
}: StackEnv): Promise<{ at: Map<string, number>; close(): Promise<void> }> {
  const at = new Map<string, number>();
  const onPayload = (payload: string) => {
    const text = /"message":"(Delivery \d+)"/.exec(payload)?.[1];
    if (text !== undefined) at.set(text, performance.timeOrigin + performance.now());
  };
  return new Promise((resolve, reject) => {
    const onListening = () => resolve({ at, close: () => listener.close() });
    const listener = listen(postgres.url, CHANNEL, { onPayload, onListening, onLost: reject });
  });
}

/** Durations of the sends in the first instance's log, in milliseconds. */
function serverTimes(env: StackEnv): number[] {
  const lines = readFileSync(path.join(localFiles(env.localDataDir).logs, 'server.log'), 'utf8').split('\n');
  return lines
    .filter((line) => line.includes('"messages.create"'))
    .map((line) => (JSON.parse(line) as { ms: number }).ms);
}

/** A second bundled server on the same stores, with a separate front. */
async function startSecondInstance({ stack, env }: Production): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const server: Engine = await startEngine({
    name: 'The second server',
    command: process.execPath,
    args: ['--enable-source-maps', path.join(ROOT_DIR, 'apps/server/dist/main.js')],
    logFile: path.join(localFiles(env.localDataDir).logs, 'second-server.log'),
    stopSignal: 'SIGTERM',
    env: { ...stack.env, API_PORT: String(port), TRUSTED_PROXY_HOPS: '1', NODE_ENV: 'production' },
  });
  const { endpoint = '' } = env.cognito;
  const front = await createFront({
    webDir: path.join(ROOT_DIR, 'apps/web/dist'),
    apiUrl,
    headers: securityHeaders({ cognitoOrigins: [endpoint], https: false }),
    pageConfig: pageConfigScript(env.cognito),
  });
  const stop = async () => {
    await front.close();
    await server.stop();
  };
  try {
    await untilAnswered(`${apiUrl}/readyz`);
    return { url: await front.listen({ host: '127.0.0.1', port: 0 }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
