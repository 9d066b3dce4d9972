import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** One call to DynamoDB, retries included. */
export interface DynamoDbCall {
  operation: string;
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
          tableName: (args.input as { TableName?: string }).TableName,
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

function unitsOf(output: object): number | undefined {
  const { ConsumedCapacity } = output as { ConsumedCapacity?: Capacity | Capacity[] };
  if (ConsumedCapacity === undefined) return undefined;
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
