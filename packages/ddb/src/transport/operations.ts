import { randomUUID } from 'node:crypto';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';

/** The operations of the transport, by the commands that describe them: a bundle's classes have lost their names. */
const OPERATIONS = new Map<unknown, string>([
  [BatchGetCommand, 'BatchGetItem'],
  [DeleteCommand, 'DeleteItem'],
  [GetCommand, 'GetItem'],
  [PutCommand, 'PutItem'],
  [QueryCommand, 'Query'],
  [TransactWriteCommand, 'TransactWriteItems'],
  [UpdateCommand, 'UpdateItem'],
]);

/** Parameters with values that only the SDK converts. */
const SDK_ONLY = ['AttributeUpdates', 'Expected', 'KeyConditions', 'QueryFilter', 'ReturnItemCollectionMetrics'];

type Fields = Record<string, unknown>;
type Converters = Record<string, (value: never) => unknown>;

const mapValues = (fields: object, convert: (value: never) => unknown) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, convert(value as never)]));

/** Copies fields and converts those that have attribute values. */
function convertFields(fields: Fields, converters: Converters): Fields {
  const converted: Fields = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const convert = converters[name];
    if (value !== undefined && value !== null) converted[name] = convert ? convert(value as never) : value;
  }
  return converted;
}

const IN: Converters = {
  ExclusiveStartKey: toAttributes,
  ExpressionAttributeValues: toAttributes,
  Item: toAttributes,
  Key: toAttributes,
  Keys: (keys: object[]) => keys.map(toAttributes),
  RequestItems: (tables: object) => mapValues(tables, (fields: Fields) => convertFields(fields, IN)),
  TransactItems: (actions: object[]) =>
    actions.map((action) => mapValues(action, (fields: Fields) => convertFields(fields, IN))),
};

const OUT: Converters = {
  Attributes: fromAttributes,
  Item: fromAttributes,
  Items: (items: Attributes[]) => items.map(fromAttributes),
  Keys: (keys: Attributes[]) => keys.map(fromAttributes),
  LastEvaluatedKey: fromAttributes,
  Responses: (tables: object) => mapValues(tables, (items: Attributes[]) => items.map(fromAttributes)),
  UnprocessedKeys: (tables: object) => mapValues(tables, (fields: Fields) => convertFields(fields, OUT)),
};

/** The operation of a command, such as `GetItem`; undefined if the SDK has to send it. */
export function operationOf(command: { input: object }): string | undefined {
  return SDK_ONLY.some((name) => name in command.input) ? undefined : OPERATIONS.get(command.constructor);
}

/** The body of a request. A transaction without a token gets one, so that its retries write once. */
export function writeInput(operation: string, input: object): string {
  const fields = convertFields(input as Fields, IN);
  if (operation === 'TransactWriteItems') fields.ClientRequestToken ??= randomUUID();
  return JSON.stringify(fields);
}

/** The output of a response's body. */
export function readOutput(body: string): Fields {
  return convertFields(JSON.parse(body) as Fields, OUT);
}
