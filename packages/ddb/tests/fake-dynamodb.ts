import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, type DynamoDBClientConfig, type DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import { createDynamoDb } from '../src/index.ts';

export interface FakeRequest {
  path: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = (response: ServerResponse, count: number) => void;

const servers: Server[] = [];

/** Starts a server in the place of DynamoDB, and lists what it is asked. */
export async function startFakeDynamoDb(answer: Answer) {
  const asked: FakeRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => answer(response, asked.push({ path: request.url, headers: request.headers, body })));
  });
  // It closes no connection that a client has kept.
  server.keepAliveTimeout = 0;
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export async function stopFakeDynamoDbs(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A client of a server that answers in a certain way. */
export async function createClientOf(answer: Answer, requestTimeoutMs = 20_000) {
  const { asked, endpoint } = await startFakeDynamoDb(answer);
  const client = createDynamoDb({ region: 'ca-central-1', endpoint, embedded: true, requestTimeoutMs });
  return { asked, endpoint, client };
}

/** The error that a call ends with. */
export async function errorOf(call: Promise<unknown>): Promise<DynamoDBServiceException> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error as DynamoDBServiceException,
  );
}

export const get = new GetCommand({ TableName: 'table', Key: { pk: 'a', sk: 'b' } });

export const TIMEOUTS = { connectTimeoutMs: 20_000, requestTimeoutMs: 20_000 };

/** Answers with JSON, as DynamoDB does. */
export function answerJson(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  const requestId = '7TIPHS6OBV8K0Q4FHG8C1E1G6JVV4KQNSO5AEMVJF66Q9ASUAAJG';
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': requestId,
    ...headers,
  });
  response.end(JSON.stringify(body));
}

/** The SDK's client as it is without our transport. */
export function createSdkClient(config: DynamoDBClientConfig): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    region: 'ca-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 3,
    ...config,
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
