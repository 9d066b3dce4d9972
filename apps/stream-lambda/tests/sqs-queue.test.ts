import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serveQueue, startQueue } from '@cruddur/local';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSqsQueue } from '../src/push/sqs-queue.ts';

let server: Server | undefined;
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server?.close();
  server?.closeAllConnections();
});

const queueAt = (at: Server) =>
  createSqsQueue({ region: 'ca-central-1', queueUrl: `http://127.0.0.1:${(at.address() as AddressInfo).port}/push` });
const entriesOf = (count: number, delaySeconds = 0) =>
  Array.from({ length: count }, (_, i) => ({ body: `{"job":${i}}`, delaySeconds }));

type Answer = { status: number; body: object } | 'none';

/** What was asked of a server that answers as AWS documents. */
async function startAnswering(...answers: Answer[]) {
  const asked: { target: unknown; body: { QueueUrl: string; Entries: Record<string, unknown>[] } }[] = [];
  const listening = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      asked.push({ target: request.headers['x-amz-target'], body: JSON.parse(body) });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined || answer === 'none') return;
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answer.body));
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return { asked, queue: queueAt(listening) };
}

const ACCEPTED: Answer = { status: 200, body: { Successful: [], Failed: [] } };
const AWAY: Answer = { status: 503, body: { __type: 'ServiceUnavailable' } };

it('jobs are sent ten a call, with their delays', async () => {
  const { asked, queue } = await startAnswering(ACCEPTED);
  await queue.send(entriesOf(12, 30));
  expect(new Set(asked.map(({ body }) => body.Entries.length))).toEqual(new Set([10, 2]));
  expect(asked.every(({ target }) => target === 'AmazonSQS.SendMessageBatch')).toBe(true);
  const all = asked.flatMap(({ body }) => body.Entries);
  expect(new Set(all.map(({ MessageBody }) => MessageBody))).toEqual(new Set(entriesOf(12).map(({ body }) => body)));
  expect(all.every(({ DelaySeconds }) => DelaySeconds === 30)).toBe(true);
});

it('a call that fails is repeated once', async () => {
  const { asked, queue } = await startAnswering(AWAY, ACCEPTED);
  await queue.send(entriesOf(1));
  expect(asked).toHaveLength(2);
});

it.each<[string, Answer]>([
  ['the queue is away', AWAY],
  ['the queue does not answer', 'none'],
  [
    'one of the jobs is refused',
    { status: 200, body: { Successful: [], Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] } },
  ],
  ['the queue does not exist', { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' } }],
])('sending fails if %s', async (_, answer) => {
  const { queue } = await startAnswering(answer);
  await expect(queue.send(entriesOf(2))).rejects.toThrow();
});

it('the queue of the embedded stack accepts the same calls', async () => {
  const received: string[] = [];
  const local = startQueue({
    deadLetterFile: path.join(tmpdir(), 'never-written.jsonl'),
    log: () => undefined,
    handler: async ({ Records: records }) => {
      received.push(...records.map(({ body }) => body));
      return { batchItemFailures: [] };
    },
  });
  server = await serveQueue(local, 0);
  const entries = entriesOf(12);
  await queueAt(server).send(entries);
  await expect.poll(() => received.toSorted()).toEqual(entries.map(({ body }) => body).sort());
  await local.stop();
});
