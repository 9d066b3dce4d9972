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

/** Operations that can be asked what they consumed, by their commands: a bundle's classes have lost their names. */
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

interface Command {
  input: object;
}

/**
 * The same client, which asks each call what it consumes, and tells. Whoever wants to know whose the units are gives each
 * user a client of its own: that costs nothing, where following the calls through their promises would.
 */
export function meterClient(
  client: DynamoDBDocumentClient,
  onCapacity: (use: CapacityUse) => void,
): DynamoDBDocumentClient {
  const untold = client.send.bind(client) as (command: Command, ...rest: unknown[]) => Promise<object>;
  const send = async (command: Command, ...rest: unknown[]) => {
    const operation = OPERATIONS.get(command.constructor);
    if (operation === undefined) return untold(command, ...rest);
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    const output = await untold(command, ...rest);
    const use = readCapacity(operation, output);
    if (use) onCapacity(use);
    return output;
  };
  return Object.create(client, { send: { value: send } }) as DynamoDBDocumentClient;
}
