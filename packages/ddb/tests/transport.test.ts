import { getEventListeners, once } from 'node:events';
import https, { type RequestOptions } from 'node:https';
import { PutCommand, QueryCommand, ScanCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isDynamoDbUnavailable } from '../src/index.ts';
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

afterEach(stopFakeDynamoDbs);

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
    const { asked, client } = await createClientOf((response) => {
      answerJson(response, 500, { __type: 'InternalServerError' });
      response.on('close', () => deadline.abort());
    });
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
  ])('with %j goes where the SDK sends it, over TLS', async (config, host) => {
    const sent: { host: unknown; scope: unknown }[] = [];
    const scopeOf = (authorization: unknown) => /\/\d+\/([^,]+)/.exec(String(authorization))?.[1];
    const offline = new Error('offline');
    const request = vi.spyOn(https, 'request').mockImplementation((options) => {
      const { host: name, port, headers } = options as RequestOptions;
      const list = headers as readonly string[];
      const headerOf = (header: string) => list[list.indexOf(header) + 1];
      expect(headerOf('host')).toBe(port ? `${name}:${port}` : name);
      sent.push({ host: headerOf('host'), scope: scopeOf(headerOf('authorization')) });
      throw offline;
    });
    const handle = async ({ headers }: { headers: Record<string, string> }) => {
      sent.push({ host: headers.host, scope: scopeOf(headers.authorization) });
      throw offline;
    };
    const sdk = createSdkClient({ credentials, requestHandler: { handle } as never, ...config });
    await expect(withTransport(sdk, TIMEOUTS).send(get)).rejects.toBe(offline);
    await expect(sdk.send(get)).rejects.toBe(offline);
    request.mockRestore();
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]?.host).toBe(host);
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
