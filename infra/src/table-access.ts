import { MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The DynamoDB actions that a program needs. A test finds the same actions in its bundle. */
export interface TableActions {
  read: readonly string[];
  /** By pattern of the partition keys. */
  write: Readonly<Record<string, readonly string[]>>;
}

/**
 * No scans, no table administration. The server updates only read markers and messages in place, and deletes only the earlier
 * versions of a deleted message.
 */
export const SERVER_TABLE_ACTIONS: TableActions = {
  read: ['BatchGetItem', 'GetItem', 'Query'],
  write: { '*': ['PutItem'], 'READ#*': ['UpdateItem'], 'MSG#*': ['UpdateItem'], 'EDIT#*': ['BatchWriteItem'] },
};

/** Writes only group rows, and erases earlier versions of deleted messages: the Lambda cannot change a message. */
export const STREAM_TABLE_ACTIONS: TableActions = {
  read: ['BatchGetItem', 'GetItem', 'Query'],
  write: { 'GRP#*': ['DeleteItem', 'PutItem', 'UpdateItem'], 'EDIT#*': ['BatchWriteItem'] },
};

export function tableStatements(table: Table, { read, write }: TableActions): PolicyStatement[] {
  const actions = (names: readonly string[]) => names.map((name) => `dynamodb:${name}`);
  return [
    new PolicyStatement({ actions: actions(read), resources: [table.tableArn] }),
    new PolicyStatement({
      actions: actions(['Query']),
      resources: [`${table.tableArn}/index/${MESSAGE_GROUP_INDEX}`],
    }),
    ...Object.entries(write).map(
      ([keys, names]) =>
        new PolicyStatement({
          actions: actions(names),
          resources: [table.tableArn],
          conditions: keys === '*' ? undefined : onlyKeys(keys),
        }),
    ),
  ];
}

function onlyKeys(keys: string) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] },
    // The condition above is true for a request without keys.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
