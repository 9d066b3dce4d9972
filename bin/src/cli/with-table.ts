import { createDynamoDb, type DynamoDbCall, type TableRef, traceCalls } from '@cruddur/ddb';
import { explainAwsError } from './errors.ts';
import type { Output } from './output.ts';
import type { OperatorSession } from './session.ts';
import { count, printable } from './text.ts';

export interface OperatorTable extends TableRef {
  /** The capacity of all calls so far. */
  consumed(): { units: number; calls: { operation: string; calls: number; units: number }[] };
}

/** A page of 1 MB takes longer than a request of the server. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Opens the session's table while `use` runs. @throws {CommandError} if DynamoDB does not answer or refuses */
export async function withTable<T>(
  { target, out }: OperatorSession,
  use: (table: OperatorTable) => Promise<T>,
): Promise<T> {
  const { prod, region, tableName, dynamodb } = target;
  const consumed = new Map<string, { operation: string; calls: number; units: number }>();
  const client = createDynamoDb({
    region,
    ...dynamodb,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    onCapacity({ operation, units }) {
      const sum = consumed.get(operation) ?? { operation, calls: 0, units: 0 };
      consumed.set(operation, { operation, calls: sum.calls + 1, units: sum.units + units });
    },
  });
  if (out.verbose) traceCalls(client, (call) => printCall(out, call));
  try {
    return await use({
      client,
      tableName,
      onMalformedItem: ({ message }) => out.say((colors) => colors.yellow(`Left out: ${printable(message)}`)),
      consumed() {
        const calls = [...consumed.values()];
        return { units: calls.reduce((sum, { units }) => sum + units, 0), calls };
      },
    });
  } catch (error) {
    throw explainAwsError(error, {
      name: 'DynamoDB',
      prod,
      region,
      ...dynamodb,
      variable: 'AWS_ENDPOINT_URL_DYNAMODB',
      missing: (address) =>
        `There is no table ${tableName} at ${address}: create it with bin/ddb/schema-load${prod ? ' prod' : ''}.`,
    });
  } finally {
    client.destroy();
  }
}

/** Prints the capacity that a reading command consumed, as its last line. */
export async function printConsumed(out: Output, table: OperatorTable): Promise<void> {
  const { units, calls } = table.consumed();
  const operations = calls.map((use) => `${use.calls} × ${use.operation}`).join(', ');
  await out.line({ consumedCapacity: { units, calls } }, () => `Consumed ${count(units, 'read unit')} (${operations})`);
}

function printCall(out: Output, { operation, tableName, units, milliseconds, error }: DynamoDbCall): void {
  out.say((colors) =>
    [
      colors.magenta('DynamoDB'),
      operation,
      tableName,
      units !== undefined && colors.yellow(count(units, 'unit')),
      colors.dim(`${milliseconds.toFixed(0)} ms`),
      error !== undefined && colors.red(error),
    ]
      .filter(Boolean)
      .join(' '),
  );
}
