import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type CapacityUse, readCapacity } from './capacity.ts';

/** One call to DynamoDB, retries included. */
export interface DynamoDbCall {
  operation: string;
  /** Undefined if the call is about several tables, or none. */
  tableName: string | undefined;
  /** Consumed units; undefined if the operation consumes none, or they were not requested. */
  units: number | undefined;
  milliseconds: number;
  /** Name of the error that it ended with. */
  error: string | undefined;
}

/** Reports every call that a client makes from now on, with its units if {@link meterClient} requested them. */
export function traceCalls(client: DynamoDBDocumentClient, onCall: (call: DynamoDbCall) => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const started = performance.now();
      const operation = (context.commandName ?? '').replace(/Command$/, '');
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
    // Unnamed, since several may trace one client.
    { step: 'initialize' },
  );
}

function tableNameOf(input: object): string | undefined {
  const { TableName, RequestItems = {} } = input as { TableName?: string; RequestItems?: object };
  const names = TableName === undefined ? Object.keys(RequestItems) : [TableName];
  return names.length === 1 ? names[0] : undefined;
}
