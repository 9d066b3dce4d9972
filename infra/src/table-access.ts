import { MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

interface Grant {
  actions: readonly string[];
  /** Patterns of the partition keys that the actions are limited to. */
  keys?: readonly string[];
  /** The only attributes that they may name and read. */
  attributes?: readonly string[];
}

/** The DynamoDB actions that a program needs. A test finds the same actions in its bundle. */
export interface TableActions {
  table: readonly Grant[];
  /** Whether it queries the index as well. */
  usesIndex: boolean;
}

/**
 * No scans, no table administration. The server updates only read markers, gates, devices, messages and their earlier versions in
 * place, and deletes only blocks, requests, devices and the earlier versions of a deleted message. It cannot end a suspension.
 */
export const SERVER_TABLE_ACTIONS: TableActions = {
  usesIndex: true,
  table: [
    { actions: ['BatchGetItem', 'GetItem', 'Query', 'PutItem'] },
    // An edit's transaction puts an earlier version as well, in case its update is judged by the keys of both items.
    { actions: ['UpdateItem'], keys: ['READ#*', 'MSG#*', 'EDIT#*', 'PAIR#*', 'DEVICE#*'] },
    { actions: ['DeleteItem'], keys: ['BLOCK#*', 'REQUEST#*', 'DEVICE#*', 'ENDPOINT#*'] },
    { actions: ['ConditionCheckItem'], keys: ['USER#*', 'PAIR#*'] },
    { actions: ['BatchWriteItem'], keys: ['EDIT#*'] },
  ],
};

/** Writes only group rows, and erases earlier versions of deleted messages: the Lambda cannot change a message. */
export const STREAM_TABLE_ACTIONS: TableActions = {
  usesIndex: true,
  table: [
    { actions: ['BatchGetItem', 'GetItem', 'Query'] },
    { actions: ['DeleteItem', 'PutItem', 'UpdateItem'], keys: ['GRP#*'] },
    { actions: ['BatchWriteItem'], keys: ['EDIT#*'] },
  ],
};

/** Reads members of groups, and whether a group without members has messages. It writes nothing. */
export const INDEX_TABLE_ACTIONS: TableActions = {
  usesIndex: true,
  table: [
    { actions: ['BatchGetItem'], keys: ['GROUP#*'] },
    { actions: ['Query'], keys: ['MSG#*'] },
  ],
};

/** Reads what a notification shows and what forbids it. Writes only to read markers and devices: it cannot change a message or a list. */
export const PUSH_TABLE_ACTIONS: TableActions = {
  usesIndex: false,
  table: [
    { actions: ['GetItem'], keys: ['MSG#*', 'PAIR#*', 'READ#*', 'GRP#*'] },
    { actions: ['Query'], keys: ['DEVICE#*'] },
    { actions: ['UpdateItem'], keys: ['READ#*', 'DEVICE#*'] },
    { actions: ['DeleteItem'], keys: ['DEVICE#*', 'ENDPOINT#*'] },
  ],
};

/**
 * Of the commands in `bin/moderation`: reports, suspensions and gates. No messages, and of group rows only whom a person writes
 * to. The audit can be read and added to.
 */
export const MODERATOR_TABLE_ACTIONS: TableActions = {
  usesIndex: false,
  table: [
    {
      actions: ['BatchGetItem', 'GetItem', 'Query'],
      keys: ['REPORT#*', 'REPORTS#*', 'MODERATION', 'USER#*', 'PAIR#*'],
    },
    { actions: ['Query'], keys: ['GRP#*'], attributes: ['pk', 'sk', 'user_uuid'] },
    { actions: ['PutItem'], keys: ['MODERATION', 'REPORTS#*', 'USER#*'] },
    { actions: ['UpdateItem'], keys: ['REPORT#*', 'PAIR#*'] },
    { actions: ['DeleteItem'], keys: ['REPORTS#*', 'USER#*'] },
    { actions: ['ConditionCheckItem'], keys: ['USER#*'] },
  ],
};

export function tableStatements(table: ITableV2, { table: grants, usesIndex }: TableActions): PolicyStatement[] {
  const actions = (names: readonly string[]) => names.map((name) => `dynamodb:${name}`);
  const onIndex = new PolicyStatement({
    actions: actions(['Query']),
    resources: [`${table.tableArn}/index/${MESSAGE_GROUP_INDEX}`],
  });
  const onTable = grants.map(
    ({ actions: names, keys, attributes }) =>
      new PolicyStatement({
        actions: actions(names),
        resources: [table.tableArn],
        conditions: keys && conditionsOf(keys, attributes),
      }),
  );
  return usesIndex ? [...onTable, onIndex] : onTable;
}

function conditionsOf(keys: readonly string[], attributes: Grant['attributes']) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    // The condition above is true for a request without keys.
    Null: { 'dynamodb:LeadingKeys': 'false' },
    ...(attributes && {
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes },
      // Otherwise a request that names no attributes reads all.
      StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    }),
  };
}
