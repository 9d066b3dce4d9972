import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../src/engines/free-port.ts';
import { serveQueue } from '../src/queue/serve-queue.ts';
import { type LocalQueue, type QueueOptions, startQueue } from '../src/queue/start-queue.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-queue-'));
afterAll(() => rmSync(dir, { recursive: true }));

let queue: LocalQueue;
let files = 0;
afterEach(() => queue.stop());

type Handler = QueueOptions['handler'];
const NONE = { batchItemFailures: [] };
const bodiesOf = ({ Records: records }: SQSEvent) => records.map(({ body }) => body);
const entry = (body: string, delaySeconds = 0) => ({ body, delaySeconds });

/** A queue whose failed messages are visible again at once. */
function start(handler: Handler, options: Partial<QueueOptions> = {}) {
  const deadLetterFile = path.join(dir, `${++files}.jsonl`);
  queue = startQueue({ handler, deadLetterFile, log: () => undefined, visibilityTimeoutMs: 0, ...options });
  return { deadLetterFile };
}

describe('the queue of the embedded stack', () => {
  it('hands over every message once if none fails, at most ten a time', async () => {
    const batches: string[][] = [];
    start(async (event) => {
      batches.push(bodiesOf(event));
      return NONE;
    });
    const bodies = Array.from({ length: 25 }, (_, i) => `message ${i}`);
    await queue.send(bodies.map((body) => entry(body)));
    await expect.poll(() => queue.size()).toBe(0);
    expect(batches.flat().sort()).toEqual(bodies.sort());
    expect(Math.max(...batches.map(({ length }) => length))).toBe(10);
  });

  it('hands over a delayed message later than those after it', async () => {
    const order: string[] = [];
    start(async (event) => {
      order.push(...bodiesOf(event));
      return NONE;
    });
    await queue.send([entry('delayed', 1)]);
    await queue.send([entry('at once')]);
    await expect.poll(() => order).toEqual(['at once', 'delayed']);
  });

  it('repeats the messages that failed, and no others', async () => {
    const received: string[] = [];
    const counts: string[] = [];
    start(async ({ Records: records }) => {
      received.push(...records.map(({ body }) => body));
      const failed = records.filter(({ body, attributes }) => {
        if (body === 'bad') counts.push(attributes.ApproximateReceiveCount);
        return body === 'bad' && attributes.ApproximateReceiveCount === '1';
      });
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await queue.send([entry('good'), entry('bad')]);
    await expect.poll(() => queue.size()).toBe(0);
    expect(received.sort()).toEqual(['bad', 'bad', 'good']);
    expect(counts).toEqual(['1', '2']);
  });

  it('writes down a message that fails five times, and goes on', async () => {
    let attempts = 0;
    const { deadLetterFile } = start(async (event) => {
      if (!bodiesOf(event).includes('bad')) return NONE;
      attempts++;
      throw new Error('no');
    });
    await queue.send([entry('bad')]);
    await expect.poll(() => queue.size()).toBe(0);
    expect(attempts).toBe(5);
    expect(JSON.parse(readFileSync(deadLetterFile, 'utf8'))).toMatchObject({ body: 'bad', receiveCount: 5 });
    await queue.send([entry('good')]);
    await expect.poll(() => queue.size()).toBe(0);
  });

  it('goes on while a batch is slow', async () => {
    const done: string[] = [];
    let finish: (() => void) | undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    start(async (event) => {
      if (bodiesOf(event).includes('slow')) await slow;
      done.push(...bodiesOf(event));
      return NONE;
    });
    await queue.send([entry('slow')]);
    await queue.send([entry('fast')]);
    await expect.poll(() => done).toEqual(['fast']);
    finish?.();
    await expect.poll(() => done).toEqual(['fast', 'slow']);
  });
});

describe('the queue by HTTP', () => {
  it('refuses what SQS refuses, and goes on', async () => {
    const received: string[] = [];
    start(async (event) => {
      received.push(...bodiesOf(event));
      return NONE;
    });
    const port = await freePort();
    const server = await serveQueue(queue, port);
    const post = async (body: string, action = 'SendMessageBatch') => {
      const headers = { 'x-amz-target': `AmazonSQS.${action}` };
      return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body })).status;
    };
    try {
      expect(await post('{')).toBe(400);
      expect(await post('{"Entries":[{}]}')).toBe(400);
      expect(await post('{}', 'PurgeQueue')).toBe(400);
      expect(await post('{"Entries":[{"Id":"0","MessageBody":"a job"}]}')).toBe(200);
      await expect.poll(() => received).toEqual(['a job']);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
