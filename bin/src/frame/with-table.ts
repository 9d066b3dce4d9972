import { createDynamoDb, type DynamoDbCall, type TableRef, traceCalls } from '@cruddur/ddb';
import { CommandError, failed, refused, saysUnanswered } from './errors.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';
import type { Target } from './target.ts';
import { count } from './text.ts';
import { unanswered } from './unanswered.ts';

/** A table, and what the calls to it have consumed so far. */
export interface OperatorTable extends TableRef {
  consumed(): { operation: string; calls: number; units: number }[];
}

/** A page of 1 MB takes longer than a request of the server. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Opens the session's table for as long as `use` runs.
 *
 * @throws {CommandError} in one sentence, if DynamoDB does not answer or refuses
 */
export async function withTable<T>({ target, out }: Session, use: (table: OperatorTable) => Promise<T>): Promise<T> {
  const consumed = new Map<string, { operation: string; calls: number; units: number }>();
  const client = createDynamoDb({
    ...target.dynamodb,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    onCapacity({ operation, units }) {
      const sum = consumed.get(operation) ?? { operation, calls: 0, units: 0 };
      consumed.set(operation, { operation, calls: sum.calls + 1, units: sum.units + units });
    },
  });
  if (out.verbose) traceCalls(client, (call) => sayCall(out, call));
  try {
    return await use({ client, tableName: target.tableName, consumed: () => [...consumed.values()] });
  } catch (error) {
    throw explain(error, target);
  } finally {
    client.destroy();
  }
}

function explain(error: unknown, target: Target): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error;
  const { prod, tableName, dynamodb } = target;
  const address = dynamodb.endpoint ?? `AWS in ${dynamodb.region}`;
  if (saysUnanswered(error)) {
    const where = { prod, embedded: dynamodb.embedded, address, variable: 'AWS_ENDPOINT_URL_DYNAMODB' };
    return unanswered('DynamoDB', where, error);
  }
  if (error.name === 'ResourceNotFoundException') {
    return failed(
      `There is no table ${tableName} at ${address}: make it with bin/ddb/schema-load${prod ? ' prod' : ''}.`,
      { cause: error },
    );
  }
  if (error.name === 'CredentialsProviderError') {
    return refused(
      `No AWS credentials were found, which ${address} asks for (DynamoDB Local takes any): ${error.message}`,
      { cause: error },
    );
  }
  return '$metadata' in error ? failed(`DynamoDB said no: ${error.name}: ${error.message}`, { cause: error }) : error;
}

function sayCall(out: Output, { operation, tableName, units, milliseconds, error }: DynamoDbCall): void {
  out.say((colors) =>
    [
      colors.magenta('DynamoDB'),
      operation,
      ...(tableName === undefined ? [] : [tableName]),
      ...(units === undefined ? [] : [colors.yellow(count(units, 'unit'))]),
      colors.dim(`${milliseconds.toFixed(0)} ms`),
      ...(error === undefined ? [] : [colors.red(error)]),
    ].join(' '),
  );
}
