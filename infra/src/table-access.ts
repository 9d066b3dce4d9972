import { MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The DynamoDB actions that a program needs. A test finds the same actions in its bundle. */
export interface TableActions {
  read: readonly string[];
  /** With the patterns of the partition keys that they are limited to. */
  write: readonly { actions: readonly string[]; keys?: readonly string[] }[];
}

/**
 * No scans, no table administration. The server updates only read markers, messages and their earlier versions in place, and
 * deletes only the earlier versions of a deleted message.
 */
export const SERVER_TABLE_ACTIONS: TableActions = {
  read: ['BatchGetItem', 'GetItem', 'Query'],
  write: [
    { actions: ['PutItem'] },
    // An edit's transaction puts an earlier version as well, in case its update is judged by the keys of both items.
    { actions: ['UpdateItem'], keys: ['READ#*', 'MSG#*', 'EDIT#*'] },
    { actions: ['BatchWriteItem'], keys: ['EDIT#*'] },
  ],
};

/** Writes only group rows, and erases earlier versions of deleted messages: the Lambda cannot change a message. */
export const STREAM_TABLE_ACTIONS: TableActions = {
  read: ['BatchGetItem', 'GetItem', 'Query'],
  write: [
    { actions: ['DeleteItem', 'PutItem', 'UpdateItem'], keys: ['GRP#*'] },
    { actions: ['BatchWriteItem'], keys: ['EDIT#*'] },
  ],
};

export function tableStatements(table: Table, { read, write }: TableActions): PolicyStatement[] {
  const actions = (names: readonly string[]) => names.map((name) => `dynamodb:${name}`);
  return [
    new PolicyStatement({ actions: actions(read), resources: [table.tableArn] }),
    new PolicyStatement({
      actions: actions(['Query']),
      resources: [`${table.tableArn}/index/${MESSAGE_GROUP_INDEX}`],
    }),
    ...write.map(
      ({ actions: names, keys }) =>
        new PolicyStatement({
          actions: actions(names),
          resources: [table.tableArn],
          conditions: keys && onlyKeys(keys),
        }),
    ),
  ];
}

function onlyKeys(keys: readonly string[]) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    // The condition above is true for a request without keys.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
