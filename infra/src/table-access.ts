import { MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What a program's code asks of the table, by what it asks it for; a test reads the same off its bundle. */
export interface TableActions {
  read: readonly string[];
  /** By the beginning of the partition keys that it writes to; `*` for several. */
  write: Readonly<Record<string, readonly string[]>>;
}

/** Nowhere a scan or a removal, nor anything about the table itself. Only a read marker is ever changed in place. */
export const SERVER_TABLE_ACTIONS: TableActions = {
  read: ['BatchGetItem', 'GetItem', 'Query'],
  write: { '*': ['PutItem'], 'READ#*': ['UpdateItem'] },
};

/** Writes group rows alone: a message is nothing that the Lambda could change. */
export const STREAM_TABLE_ACTIONS: TableActions = {
  read: ['BatchGetItem', 'GetItem', 'Query'],
  write: { 'GRP#*': ['DeleteItem', 'PutItem'] },
};

/** Lets a program do what it does, and nothing else. */
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
          ...(keys === '*' ? {} : { conditions: onlyKeys(keys) }),
        }),
    ),
  ];
}

function onlyKeys(keys: string) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] },
    // Of a request without keys the condition above would be true.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
