import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type CapacityUse, readCapacity } from './capacity.ts';

/** Operations that report what they consumed, by their commands: a bundle's classes have lost their names. */
const OPERATIONS = new Map<unknown, string>([
  [BatchGetCommand, 'BatchGetItem'],
  [BatchWriteCommand, 'BatchWriteItem'],
  [DeleteCommand, 'DeleteItem'],
  [GetCommand, 'GetItem'],
  [PutCommand, 'PutItem'],
  [QueryCommand, 'Query'],
  [ScanCommand, 'Scan'],
  [TransactGetCommand, 'TransactGetItems'],
  [TransactWriteCommand, 'TransactWriteItems'],
  [UpdateCommand, 'UpdateItem'],
]);

type Command = { input: object };

/**
 * Wraps a client so that every call reports its consumed capacity. One wrapper per request attributes the units to it,
 * cheaper than AsyncLocalStorage.
 *
 * @param spend - runs each call and the report of its capacity, or rejects without the call
 */
export function meterClient(
  client: DynamoDBDocumentClient,
  onCapacity: (use: CapacityUse) => void,
  spend: <T>(call: () => Promise<T>) => Promise<T> = (call) => call(),
): DynamoDBDocumentClient {
  const unmetered = client.send.bind(client) as (command: Command, ...rest: unknown[]) => Promise<object>;
  const send = async (command: Command, ...rest: unknown[]) => {
    const operation = OPERATIONS.get(command.constructor);
    if (operation === undefined) return unmetered(command, ...rest);
    return spend(async () => {
      Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
      const output = await unmetered(command, ...rest);
      const use = readCapacity(operation, output);
      if (use) onCapacity(use);
      return output;
    });
  };
  return Object.create(client, { send: { value: send } }) as DynamoDBDocumentClient;
}
