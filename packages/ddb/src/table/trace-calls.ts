import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type CapacityUse, operationOf, readCapacity } from './capacity.ts';

/** One call to DynamoDB, retries included. */
export interface DynamoDbCall {
  operation: string;
  /** Undefined where the call is about no one table. */
  tableName: string | undefined;
  /** Units that it consumed; undefined where the operation consumes none or was not asked. */
  units: number | undefined;
  milliseconds: number;
  /** Name of the error that it ended with. */
  error: string | undefined;
}

/** Tells of every call that a client makes from now on, and of its units where {@link meterClient} had them asked for. */
export function traceCalls(client: DynamoDBDocumentClient, onCall: (call: DynamoDbCall) => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const started = performance.now();
      const operation = operationOf(context.commandName);
      const report = (use: CapacityUse | undefined, error?: unknown) =>
        onCall({
          operation,
          tableName: tableNameOf(args.input),
          units: use?.units,
          milliseconds: performance.now() - started,
          error: error instanceof Error ? error.name : undefined,
        });
      try {
        const result = await next(args);
        report(readCapacity(operation, result.output));
        return result;
      } catch (error) {
        report(undefined, error);
        throw error;
      }
    },
    // Without a name, since more than one may want to know.
    { step: 'initialize' },
  );
}

function tableNameOf(input: object): string | undefined {
  const { TableName, RequestItems = {} } = input as { TableName?: string; RequestItems?: object };
  const names = TableName === undefined ? Object.keys(RequestItems) : [TableName];
  return names.length === 1 ? names[0] : undefined;
}
