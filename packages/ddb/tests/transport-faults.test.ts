import { EventEmitter } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isDynamoDbUnavailable } from '../src/index.ts';
import { post } from '../src/transport/post.ts';
import { answerJson, createClientOf, createSdkClient, errorOf, get, stopFakeDynamoDbs } from './fake-dynamodb.ts';

afterEach(async () => {
  vi.useRealTimers();
  await stopFakeDynamoDbs();
});

const quoted = {
  pk: { S: 'a' },
  n: { N: '12345678901234567890' },
  b: { B: 'AAEC' },
  list: { L: [{ M: { x: { NULL: true } } }] },
};

describe('an error that DynamoDB answers', () => {
  it.each([
    [400, 'ConditionalCheckFailedException', { message: 'The conditional request failed', Item: quoted }],
    [
      400,
      'TransactionCanceledException',
      { CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: quoted, Message: 'm' }] },
    ],
    [400, 'IdempotentParameterMismatchException', { Message: 'another request' }],
    [400, 'TransactionConflictException', {}],
    [400, 'ResourceNotFoundException', { message: 'no table' }],
    [400, 'ItemCollectionSizeLimitExceededException', {}],
    [400, 'ValidationException', { message: 'One or more parameter values were invalid' }],
    [400, 'SomethingNewException', { message: 'unknown to this SDK' }],
    [400, 'TransactionInProgressException', {}],
    [400, 'ProvisionedThroughputExceededException', { message: 'slow down' }],
    [400, 'ThrottlingException', { message: 'slow down', throttlingReasons: [{ reason: 'r', resource: 'arn' }] }],
    [400, 'RequestLimitExceeded', {}],
    [500, 'InternalServerError', { message: 'broken' }],
    [503, 'ServiceUnavailable', {}],
    [400, 'UnrecognizedClientException', { message: 'The security token included in the request is invalid.' }],
  ])('is the one that the SDK throws: %d %s', async (status, type, fields) => {
    const { asked, endpoint, client } = await createClientOf((response) =>
      answerJson(response, status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, ...fields }),
    );
    const [ours, sdk] = await Promise.all([
      errorOf(client.send(get)),
      errorOf(createSdkClient({ endpoint }).send(get)),
    ]);
    expect(ours.constructor).toBe(sdk.constructor);
    // The delays are random.
    for (const { $metadata } of [ours, sdk]) delete $metadata.totalRetryDelay;
    const fieldsOf = (error: Error) => ({ ...Object.fromEntries(Object.entries(error)), message: error.message });
    expect(fieldsOf(ours)).toEqual(fieldsOf(sdk));
    expect(ours.name).toBe(type);
    // The retry reads a header of it.
    expect(ours.$response).toMatchObject({ statusCode: status, headers: { connection: 'keep-alive' } });
    expect(asked).toHaveLength(2 * (ours.$metadata.attempts ?? 0));
  });

  it.each([
    [307, 1, false],
    [413, 1, false],
    [502, 3, true],
  ])('can be the page of a proxy: %d is tried %d times', async (status, attempts, unavailable) => {
    const { asked, client } = await createClientOf((response) => {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end('<html>A proxy is between us.</html>');
    });
    const error = await errorOf(client.send(get));
    expect(error).toMatchObject({ $metadata: { httpStatusCode: status, attempts } });
    expect([asked.length, isDynamoDbUnavailable(error)]).toEqual([attempts, unavailable]);
  });
});

describe('a connection', () => {
  it.each([
    ['before the answer', (response: ServerResponse) => response.destroy()],
    [
      'within the answer',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"Item":', () => response.destroy());
      },
    ],
  ])('that is lost %s is replaced', async (_, lose) => {
    const { asked, client } = await createClientOf((response, count) =>
      count < 3 ? lose(response) : answerJson(response, 200, { Item: { pk: { S: 'a' } } }),
    );
    expect(await client.send(get)).toMatchObject({ Item: { pk: 'a' }, $metadata: { attempts: 3 } });
    expect(asked).toHaveLength(3);
  });

  it('is reused, and replaced if the server has closed it meanwhile', async () => {
    const sockets = new Set<unknown>();
    const { client } = await createClientOf((response, count) => {
      sockets.add(response.socket);
      if (count === 3) response.destroy();
      else answerJson(response, 200, {});
    });
    for (let i = 0; i < 3; i++) await client.send(get);
    expect(sockets.size).toBe(2);
  });

  it('that always breaks makes the store unavailable', async () => {
    const { asked, client } = await createClientOf((response) => response.destroy());
    const error = await errorOf(client.send(get));
    expect([asked.length, error.name, isDynamoDbUnavailable(error)]).toEqual([3, 'TimeoutError', true]);
  });

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])(
    'that is lost with %s is a time-out, which is tried again',
    async (code) => {
      const end = () => void request.emit('error', Object.assign(new Error('lost'), { code }));
      const request = Object.assign(new EventEmitter(), { end, destroy: () => undefined });
      const url = new URL('http://store.invalid:8000');
      const options = { url, agent: new http.Agent(), request: (() => request) as never, headers: [], body: '{}' };
      const run = post({ ...options, connectTimeoutMs: 600_000, requestTimeoutMs: 600_000 });
      await expect(run).rejects.toMatchObject({ name: 'TimeoutError', code });
    },
  );

  it('that nothing accepts makes the store unavailable', async () => {
    const { endpoint, client } = await createClientOf(() => undefined);
    await stopFakeDynamoDbs();
    const error = await errorOf(client.send(get));
    expect(error).toMatchObject({ code: 'ECONNREFUSED', $metadata: { attempts: 3 } });
    expect([endpoint, isDynamoDbUnavailable(error)]).toEqual([endpoint, true]);
  });

  it('that is never made ends with a time-out', async () => {
    const agent = new http.Agent({ lookup: () => undefined });
    const url = new URL('http://store.invalid:8000');
    const request = { url, agent, request: http.request, headers: [], body: '{}' };
    const run = post({ ...request, connectTimeoutMs: 20, requestTimeoutMs: 600_000 });
    await expect(run).rejects.toMatchObject({
      name: 'TimeoutError',
      message: expect.stringContaining('no connection'),
    });
  });
});

describe('an answer', () => {
  it('may take longer than a connection, a new one or a reused one, and leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { asked, client } = await createClientOf((response) => {
      vi.advanceTimersByTime(5000);
      answerJson(response, 200, {});
    });
    for (let i = 0; i < 2; i++) await client.send(get);
    expect([asked.length, vi.getTimerCount()]).toEqual([2, 0]);
  });

  it.each([
    ['that never begins', () => undefined],
    [
      'that never ends',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{');
      },
    ],
  ])('%s ends with a time-out after three attempts', async (_, stall) => {
    const { client } = await createClientOf(stall, 30);
    const error = await errorOf(client.send(get));
    expect(error).toMatchObject({ name: 'TimeoutError', $metadata: { attempts: 3 } });
    expect(isDynamoDbUnavailable(error)).toBe(true);
  });

  it('is read whole, wherever its bytes are divided', async () => {
    const bytes = Buffer.from('{"S":"Zoë 👩‍👩‍👧 日本"}');
    for (let i = 1; i < bytes.length; i++) {
      const response = Object.assign(new EventEmitter(), { statusCode: 200, headers: {} });
      const end = () => {
        request.emit('response', response);
        for (const part of [bytes.subarray(0, i), bytes.subarray(i)]) response.emit('data', part);
        response.emit('end');
      };
      const request = Object.assign(new EventEmitter(), { end });
      const url = new URL('http://store.invalid:8000');
      const options = { url, agent: new http.Agent(), request: (() => request) as never, headers: [], body: '{}' };
      const { body } = await post({ ...options, connectTimeoutMs: 600_000, requestTimeoutMs: 600_000 });
      expect(body).toEqual(bytes);
    }
  });

  it('that is no JSON is a fault, and not repeated', async () => {
    const { asked, client } = await createClientOf((response) => response.end('{"Item":{"pk":{"S":'));
    expect(await errorOf(client.send(get))).toBeInstanceOf(SyntaxError);
    expect(asked).toHaveLength(1);
  });
});
