import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { createDynamoDb, isDynamoDbUnavailable } from '../src/index.ts';

let server: Server | undefined;

afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** A DynamoDB under load: returns these errors in turn, then answers. */
async function dynamoDbThatSays(errors: { status: number; type: string }[]) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      asked.push(body);
      const error = errors[asked.length - 1];
      response.writeHead(error?.status ?? 200, { 'content-type': 'application/x-amz-json-1.0', connection: 'close' });
      response.end(JSON.stringify(error ? { __type: `com.amazonaws.dynamodb.v20120810#${error.type}` } : {}));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, client: createDynamoDb({ region: 'ca-central-1', endpoint, embedded: true }) };
}

const throttled = { status: 400, type: 'ProvisionedThroughputExceededException' };
const broken = { status: 500, type: 'InternalServerError' };
const get = new GetCommand({ TableName: 'table', Key: { pk: 'a', sk: 'b' } });

describe('the DynamoDB client', () => {
  it.each([
    ['throttled', throttled],
    ['with a fault', broken],
  ])('tries again when it is %s, and succeeds', async (_, error) => {
    const { client, asked } = await dynamoDbThatSays([error, error]);
    await client.send(get);
    expect(asked).toHaveLength(3);
  });

  it.each([throttled, broken])('gives up after three attempts, as unavailable', async (error) => {
    const { client, asked } = await dynamoDbThatSays(Array(9).fill(error));
    const thrown = await client.send(get).catch((reason: unknown) => reason);
    expect([asked.length, isDynamoDbUnavailable(thrown)]).toEqual([3, true]);
  });

  it('repeats a transaction under the same token, so that a lost answer duplicates nothing', async () => {
    const { client, asked } = await dynamoDbThatSays([broken]);
    const Put = { TableName: 'table', Item: { pk: 'a', sk: 'b' } };
    await client.send(new TransactWriteCommand({ TransactItems: [{ Put }], ClientRequestToken: 'the-token' }));
    expect(asked.map((body) => JSON.parse(body).ClientRequestToken)).toEqual(['the-token', 'the-token']);
    expect(asked[0]).toBe(asked[1]);
  });

  it('does not report a refusal as an unavailable store', async () => {
    const { client } = await dynamoDbThatSays([{ status: 400, type: 'ValidationException' }]);
    const thrown = await client.send(get).catch((reason: unknown) => reason);
    expect(isDynamoDbUnavailable(thrown)).toBe(false);
  });
});
