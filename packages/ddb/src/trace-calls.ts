import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** One call to DynamoDB, retries included. */
export interface DynamoDbCall {
  operation: string;
  /** Undefined where the call is about no one table. */
  tableName: string | undefined;
  /** Read or write units that it consumed; `undefined` where the operation consumes none or the client does not ask. */
  units: number | undefined;
  milliseconds: number;
  /** Name of the error that it ended with. */
  error: string | undefined;
}

interface Capacity {
  CapacityUnits?: number;
}

/** Tells of every call that a client makes from now on. Units are known where the client was made with `onCapacity`. */
export function traceCalls(client: DynamoDBDocumentClient, onCall: (call: DynamoDbCall) => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const started = performance.now();
      const report = (units: number | undefined, error?: unknown) =>
        onCall({
          operation: (context.commandName ?? '').replace(/Command$/, ''),
          tableName: tableNameOf(args.input),
          units,
          milliseconds: performance.now() - started,
          error: error instanceof Error ? error.name : undefined,
        });
      try {
        const result = await next(args);
        report(unitsOf(result.output));
        return result;
      } catch (error) {
        report(undefined, error);
        throw error;
      }
    },
    { step: 'initialize', name: 'traceCalls' },
  );
}

function tableNameOf(input: object): string | undefined {
  const { TableName, RequestItems = {} } = input as { TableName?: string; RequestItems?: object };
  const names = TableName === undefined ? Object.keys(RequestItems) : [TableName];
  return names.length === 1 ? names[0] : undefined;
}

function unitsOf(output: object): number | undefined {
  const { ConsumedCapacity } = output as { ConsumedCapacity?: Capacity | Capacity[] };
  if (ConsumedCapacity === undefined) return undefined;
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
