import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What one call to DynamoDB consumed. */
export interface CapacityUse {
  operation: string;
  /** Read or write units, all tables and indexes of the call together. */
  units: number;
}

export interface DynamoDbOptions {
  region: string;
  /** Undefined: the region's own. */
  endpoint?: string | undefined;
  /** Whether the endpoint is the embedded engine, which takes any credentials. */
  embedded: boolean;
  /** Longest wait for one answer, in milliseconds. */
  requestTimeoutMs?: number;
  /** Told of every call's consumed capacity, where given. */
  onCapacity?: (use: CapacityUse) => void;
}

/**
 * Makes the DynamoDB client of a process. Throttling, time-outs and faults are retried by the SDK's standard mode, at
 * most three attempts in all; each attempt has a time limit.
 */
export function createDynamoDb(options: DynamoDbOptions): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    region: options.region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.embedded ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {}),
    retryMode: 'standard',
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: options.requestTimeoutMs ?? 2000,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 128 },
      httpsAgent: { keepAlive: true, maxSockets: 128 },
    },
  });
  if (options.onCapacity) reportCapacity(client, options.onCapacity);
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

const METERED =
  /^(BatchGetItem|BatchWriteItem|DeleteItem|GetItem|PutItem|Query|Scan|TransactGetItems|TransactWriteItems|UpdateItem)Command$/;

function reportCapacity(client: DynamoDBClient, onCapacity: (use: CapacityUse) => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = context.commandName ?? '';
      if (!METERED.test(operation)) return next(args);
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      const consumed = (result.output as { ConsumedCapacity?: Capacity | Capacity[] }).ConsumedCapacity;
      const units = [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
      onCapacity({ operation: operation.replace(/Command$/, ''), units });
      return result;
    },
    { step: 'initialize', name: 'reportCapacity' },
  );
}

interface Capacity {
  CapacityUnits?: number;
}
