import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { withTransport } from '../transport/with-transport.ts';
import type { CapacityUse } from './capacity.ts';
import { meterClient } from './meter-client.ts';

export interface DynamoDbOptions {
  region: string;
  /** By default the region's endpoint. */
  endpoint?: string | undefined;
  /** Whether the endpoint is the embedded engine, which accepts any credentials. */
  embedded: boolean;
  requestTimeoutMs?: number;
  onCapacity?: (use: CapacityUse) => void;
}

/**
 * Creates the DynamoDB client of a process. Throttling, time-outs and faults are retried by the SDK's standard mode, at
 * most three attempts in all; each attempt has a time limit. Frequent operations don't go through the SDK's
 * middleware (docs/decisions/0020).
 */
export function createDynamoDb(options: DynamoDbOptions): DynamoDBDocumentClient {
  const [connectTimeoutMs, requestTimeoutMs] = [1000, options.requestTimeoutMs ?? 2000];
  const client = new DynamoDBClient({
    region: options.region,
    endpoint: options.endpoint,
    credentials: options.embedded ? { accessKeyId: 'local', secretAccessKey: 'local' } : undefined,
    retryMode: 'standard',
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 128 },
      httpsAgent: { keepAlive: true, maxSockets: 128 },
    },
  });
  const sdk = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const documents = withTransport(sdk, { connectTimeoutMs, requestTimeoutMs });
  return options.onCapacity ? meterClient(documents, options.onCapacity) : documents;
}
