import { getEventListeners, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import {
  BatchGetCommand,
  DeleteCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isDynamoDbUnavailable } from '../src/index.ts';
import { createSigner } from '../src/transport/signature.ts';
import { withTransport } from '../src/transport/with-transport.ts';
import {
  answerJson,
  createClientOf,
  createSdkClient,
  errorOf,
  get,
  startFakeDynamoDb,
  stopFakeDynamoDbs,
  TIMEOUTS,
} from './fake-dynamodb.ts';

afterEach(async () => {
  vi.restoreAllMocks();
  await stopFakeDynamoDbs();
});

describe('a signal', () => {
  it('that was aborted before makes no request', async () => {
    const { asked, client } = await createClientOf((response) => answerJson(response, 200, {}));
    const error = await errorOf(client.send(get, { abortSignal: AbortSignal.abort() }));
    expect([error.name, asked.length]).toEqual(['AbortError', 0]);
  });

  it('ends the request', async () => {
    const deadline = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const { asked, client } = await createClientOf((response) => {
      closed = once(response, 'close');
      deadline.abort();
    });
    expect(await errorOf(client.send(get, { abortSignal: deadline.signal }))).toMatchObject({ name: 'AbortError' });
    await closed;
    expect(asked).toHaveLength(1);
  });

  it('ends the wait for the next attempt', async () => {
    const deadline = new AbortController();
    const { asked, client } = await createClientOf((response) =>
      answerJson(response, 500, { __type: 'InternalServerError' }),
    );
    // Time-outs have a second and more; the wait has less, and never ends.
    const wait = (_: () => void, ms = 0) => (ms < 1000 ? deadline.abort() : undefined);
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(wait as never);
    const error = await errorOf(client.send(get, { abortSignal: deadline.signal }));
    expect([error.name, isDynamoDbUnavailable(error)]).toEqual(['AbortError', true]);
    expect(asked).toHaveLength(1);
  });

  it('keeps no listener', async () => {
    const { signal } = new AbortController();
    const { client } = await createClientOf((response, count) =>
      count === 1 ? response.destroy() : answerJson(response, 200, {}),
    );
    for (let i = 0; i < 3; i++) await client.send(get, { abortSignal: signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('credentials', () => {
  it('are refreshed when they expire, with their session tokens', async () => {
    const { asked, endpoint } = await startFakeDynamoDb((response) => answerJson(response, 200, {}));
    let [issued, lifetimeMs] = [0, 1000];
    const credentials = async () => {
      const expiration = new Date(Date.now() + lifetimeMs);
      return { accessKeyId: `key-${++issued}`, secretAccessKey: 's', sessionToken: `token-${issued}`, expiration };
    };
    const client = withTransport(createSdkClient({ endpoint, credentials }), TIMEOUTS);
    await client.send(get);
    lifetimeMs = 3_600_000;
    for (let i = 0; i < 2; i++) await client.send(get);
    const [first, second, third] = asked.map(({ headers }) => String(headers['x-amz-security-token']));
    expect([second === first, third === second]).toEqual([false, true]);
    for (const { headers } of asked) {
      const key = String(headers['x-amz-security-token']).replace('token', 'key');
      expect(headers.authorization).toContain(`Credential=${key}/`);
      expect(headers.authorization).toContain(';x-amz-security-token;');
    }
  });

  it('that cannot be found end the call as unavailable', async () => {
    const { asked, endpoint } = await startFakeDynamoDb((response) => answerJson(response, 200, {}));
    const credentials = async () => {
      throw Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' });
    };
    const client = withTransport(createSdkClient({ endpoint, credentials }), TIMEOUTS);
    const error = await errorOf(client.send(get));
    expect([error.name, isDynamoDbUnavailable(error), asked.length]).toEqual(['CredentialsProviderError', true, 0]);
  });
});

describe('a request', () => {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };

  it.each([
    [{}, 'dynamodb.ca-central-1.amazonaws.com'],
    [{ region: 'cn-north-1' }, 'dynamodb.cn-north-1.amazonaws.com.cn'],
    [{ useFipsEndpoint: true }, 'dynamodb-fips.ca-central-1.amazonaws.com'],
    [{ credentials: { ...credentials, accountId: '123456789012' } }, '123456789012.ddb.ca-central-1.amazonaws.com'],
    [
      { endpoint: 'https://vpce-1.dynamodb.ca-central-1.vpce.amazonaws.com:8443' },
      'vpce-1.dynamodb.ca-central-1.vpce.amazonaws.com:8443',
    ],
    [{ endpoint: 'https://[::1]:8443' }, '[::1]:8443'],
    [{ endpoint: 'https://proxy.invalid/store' }, 'proxy.invalid'],
    [{ endpoint: 'https://proxy.invalid/store/' }, 'proxy.invalid'],
  ])('with %j goes where the SDK sends it, over TLS', async (config, host) => {
    const sent: { host: unknown; path: unknown; scope: unknown }[] = [];
    const scopeOf = (authorization: unknown) => /\/\d+\/([^,]+)/.exec(String(authorization))?.[1];
    const offline = new Error('offline');
    const request = vi.spyOn(https, 'request').mockImplementation((options) => {
      const { host: address, port, path, headers } = options as RequestOptions;
      const list = headers as readonly string[];
      const headerOf = (header: string) => list[list.indexOf(header) + 1];
      const name = address?.includes(':') ? `[${address}]` : address;
      expect(headerOf('host')).toBe(port ? `${name}:${port}` : name);
      sent.push({ host: headerOf('host'), path, scope: scopeOf(headerOf('authorization')) });
      throw offline;
    });
    const handle = async ({ path, headers }: { path: string; headers: Record<string, string> }) => {
      sent.push({ host: headers.host, path, scope: scopeOf(headers.authorization) });
      throw offline;
    };
    const sdk = createSdkClient({ credentials, requestHandler: { handle } as never, ...config });
    await expect(withTransport(sdk, TIMEOUTS).send(get)).rejects.toBe(offline);
    await expect(sdk.send(get)).rejects.toBe(offline);
    request.mockRestore();
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]?.host).toBe(host);
  });

  it('is signed with the host, path and time that it is sent with', async () => {
    const { asked, endpoint } = await startFakeDynamoDb((response) => answerJson(response, 200, {}));
    const now = new Date('2026-11-20T08:15:30Z');
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now.getTime());
    await withTransport(createSdkClient({ endpoint: `${endpoint}/store`, credentials }), TIMEOUTS).send(get);
    clock.mockRestore();
    const [request] = asked;
    const unsigned = {
      host: new URL(endpoint).host,
      path: '/store/',
      target: 'DynamoDB_20120810.GetItem',
      body: request?.body ?? '',
    };
    const signed = createSigner(credentials, 'ca-central-1')(unsigned, now);
    expect([request?.path, request?.headers.authorization]).toEqual(['/store/', signed.at(-1)]);
  });

  const legacy = { TableName: 'table', Key: { pk: 'a' } };
  const isA = { pk: { ComparisonOperator: 'EQ' as const, AttributeValueList: ['a'] } };

  it.each([
    new UpdateCommand({ ...legacy, AttributeUpdates: { a: { Action: 'PUT', Value: 1 } } }),
    new DeleteCommand({ ...legacy, Expected: { pk: { Value: 'a' } } }),
    new QueryCommand({ TableName: 'table', KeyConditions: isA, QueryFilter: isA }),
    new QueryCommand({ TableName: 'table', KeyConditionExpression: 'pk = sk', QueryFilter: isA }),
    new DeleteCommand({ ...legacy, ReturnItemCollectionMetrics: 'SIZE' }),
  ])('with parameters that only the SDK converts is sent by it: %j', async (command) => {
    const { asked, client } = await createClientOf((response) => answerJson(response, 200, {}));
    await client.send(command as QueryCommand);
    expect(asked[0]?.headers['user-agent']).toContain('aws-sdk-js');
  });

  it('does not wait for another one', async () => {
    const waiting: ServerResponse[] = [];
    const { client } = await createClientOf((response) => {
      waiting.push(response);
      if (waiting.length === 2) for (const each of waiting) answerJson(each, 200, {});
    });
    await Promise.all([client.send(get), client.send(get)]);
  });
});

it('corrects its clock by the server’s, for all calls under way', async () => {
  const ahead = Date.now() + 3_600_000;
  const { asked, client } = await createClientOf((response, count) => {
    const date = { date: new Date(ahead).toUTCString() };
    const [day, time] = String(asked[count - 1]?.headers['x-amz-date']).split('T');
    const signedAt = Date.parse(`${day?.replace(/(....)(..)/, '$1-$2-')}T${time?.replace(/(..)(..)/, '$1:$2:')}`);
    if (ahead - signedAt < 300_000) answerJson(response, 200, {}, date);
    else answerJson(response, 400, { __type: 'InvalidSignatureException', message: 'not yet current' }, date);
  });
  const outputs = await Promise.all([1, 2, 3].map(() => client.send(get)));
  expect(outputs.map(({ $metadata }) => $metadata.attempts)).toEqual([2, 2, 2]);
});

it('does not repeat a refused call because its clock had to be corrected before', async () => {
  const date = { date: new Date(Date.now() + 3_600_000).toUTCString() };
  const refusal = { __type: 'ConditionalCheckFailedException' };
  const { client } = await createClientOf((response, count) =>
    answerJson(response, 400, count === 1 ? { __type: 'InvalidSignatureException' } : refusal, date),
  );
  expect((await errorOf(client.send(get))).$metadata.attempts).toBe(2);
  expect((await errorOf(client.send(get))).$metadata.attempts).toBe(1);
});

it('reads which keys of a batch are left as the SDK does', async () => {
  const UnprocessedKeys = { table: { Keys: [{ pk: { S: 'a' }, n: { N: '1' } }], ConsistentRead: true } };
  const { endpoint, client } = await createClientOf((response) => answerJson(response, 200, { UnprocessedKeys }));
  const command = new BatchGetCommand({ RequestItems: { table: { Keys: [{ pk: 'a', n: 1 }] } } });
  const [ours, sdk] = [await client.send(command), await createSdkClient({ endpoint }).send(command)];
  expect(ours.UnprocessedKeys).toEqual({ table: { Keys: [{ pk: 'a', n: 1 }], ConsistentRead: true } });
  expect(ours.UnprocessedKeys).toEqual(sdk.UnprocessedKeys);
});

it('closes its connections and the SDK’s when it is destroyed', async () => {
  const closed: Promise<unknown>[] = [];
  const { client } = await createClientOf((response) => {
    closed.push(once(response.socket as Socket, 'close'));
    answerJson(response, 200, {});
  });
  await client.send(get);
  await client.send(new ScanCommand({ TableName: 'table' }));
  client.destroy();
  expect(await Promise.all(closed)).toHaveLength(2);
});

it('gives a transaction a token, the same at each attempt', async () => {
  const { asked, client } = await createClientOf((response, count) =>
    count === 1 ? answerJson(response, 500, { __type: 'InternalServerError' }) : answerJson(response, 200, {}),
  );
  const write = new TransactWriteCommand({ TransactItems: [{ Put: { TableName: 'table', Item: { pk: 'a' } } }] });
  await client.send(write);
  await client.send(write);
  const tokens = asked.map(({ body }) => (JSON.parse(body) as { ClientRequestToken: string }).ClientRequestToken);
  expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect([tokens[1] === tokens[0], tokens[2] === tokens[0]]).toEqual([true, false]);
});

describe('a middleware', () => {
  it('sees the calls of the transport and of the SDK, and can change what they send and answer', async () => {
    const { asked, client } = await createClientOf((response) => answerJson(response, 200, { Count: 1 }));
    const seen: [string | undefined, object][] = [];
    client.middlewareStack.add(
      (next, context) => async (args) => {
        Object.assign(args.input, { TableName: 'another' });
        const result = await next(args);
        seen.push([context.commandName, result.output]);
        Object.assign(result.output, { Count: 2 });
        return result;
      },
      { step: 'initialize', name: 'watch' },
    );
    const query = { TableName: 'table', KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'a' } };
    const condition = { ComparisonOperator: 'EQ' as const, AttributeValueList: ['a'] };
    const legacy = { TableName: 'table', KeyConditions: { pk: condition } };
    expect((await client.send(new QueryCommand(query))).Count).toBe(2);
    expect((await client.send(new ScanCommand({ TableName: 'table' }))).Count).toBe(2);
    expect((await client.send(new QueryCommand(legacy))).Count).toBe(2);
    client.middlewareStack.remove('watch');
    expect((await client.send(new ScanCommand({ TableName: 'table' }))).Count).toBe(1);
    expect(seen.map(([name]) => name)).toEqual(['QueryCommand', 'ScanCommand', 'QueryCommand']);
    expect(asked.map(({ body }) => JSON.parse(body).TableName)).toEqual(['another', 'another', 'another', 'table']);
    // Only the SDK sends its own user agent.
    expect(asked.map(({ headers }) => headers['user-agent'] === undefined)).toEqual([true, false, false, false]);
  });

  it('can answer itself', async () => {
    const { asked, client } = await createClientOf((response) => answerJson(response, 200, {}));
    client.middlewareStack.add(
      () => () => {
        throw new Error('cut');
      },
      { step: 'initialize' },
    );
    await expect(client.send(get)).rejects.toThrow('cut');
    await expect(client.send(new PutCommand({ TableName: 'table', Item: { pk: 'a' } }))).rejects.toThrow('cut');
    expect(asked).toEqual([]);
  });
});
