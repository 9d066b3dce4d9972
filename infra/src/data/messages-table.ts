import { EXPIRY_ATTRIBUTE, MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  Capacity,
  type CfnGlobalTable,
  ContributorInsightsMode,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { isReplicaRegion } from '../regions.ts';
import type { Settings } from '../settings.ts';

/** Must never change: CloudFormation would create another table. `policies/stack-policy.json` has it too. */
export const TABLE_LOGICAL_ID = 'MessagesTable';

/**
 * Creates the table as `AWS::DynamoDB::GlobalTable`, which can get a replica in another region later. Changing the type of an
 * existing table would replace it.
 */
function createMessagesTable(scope: Construct, settings: Settings): TableV2 {
  const warmThroughput = warmThroughputOf(settings);
  const table = new TableV2(scope, 'Table', {
    tableName: settings.tableName,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_IMAGE,
    billing: billingOf(settings),
    warmThroughput,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
    timeToLiveAttribute: EXPIRY_ATTRIBUTE,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    // AWS's key: a customer's key could be deleted, and every message with it.
    encryption: TableEncryptionV2.awsManagedKey(),
    // Shows which keys are throttled; free while none is.
    contributorInsightsSpecification: { enabled: true, mode: ContributorInsightsMode.THROTTLED_KEYS },
    replicas: settings.replicaRegion ? [{ region: settings.replicaRegion }] : undefined,
    globalSecondaryIndexes: [
      {
        indexName: MESSAGE_GROUP_INDEX,
        partitionKey: { name: 'message_group_uuid', type: AttributeType.STRING },
        sortKey: { name: 'sk', type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
        warmThroughput,
        ...onDemandMaximum(settings),
      },
    ],
  });
  (table.node.defaultChild as CfnGlobalTable).overrideLogicalId(TABLE_LOGICAL_ID);
  return table;
}

/**
 * The table that programs use: the stack's, or the one in the settings. That is a restored table, while the stack's stays as
 * evidence; or the replica, in the second region, whose stack creates none.
 */
export function createServedTable(scope: Construct, settings: Settings): ITableV2 {
  const { servedTableName, servedStreamArn } = settings;
  // The home region's stack creates the replica.
  const own = isReplicaRegion(settings) ? undefined : createMessagesTable(scope, settings);
  if (own) {
    // Also while another table is served: CloudFormation refuses to remove an export that other stacks still import.
    for (const value of [own.tableName, own.tableArn, own.tableStreamArn]) Stack.of(scope).exportValue(value);
    if (!servedTableName) return own;
  }
  return TableV2.fromTableAttributes(scope, 'ServedTable', {
    tableName: servedTableName,
    tableStreamArn: servedStreamArn,
    globalIndexes: [MESSAGE_GROUP_INDEX],
  });
}

/** The index scales as the table does. */
function billingOf(settings: Settings): Billing {
  if (settings.billing === 'on-demand') return Billing.onDemand(onDemandMaximum(settings));
  const scaled = (minCapacity: number, maxCapacity: number) =>
    Capacity.autoscaled({ minCapacity, maxCapacity, targetUtilizationPercent: 70 });
  return Billing.provisioned({
    readCapacity: scaled(settings.readUnitsMin, settings.readUnitsMax),
    writeCapacity: scaled(settings.writeUnitsMin, settings.writeUnitsMax),
  });
}

/** None by default. The index does not inherit it from the table. */
function onDemandMaximum({ billing, onDemandReadUnitsMax, onDemandWriteUnitsMax }: Settings) {
  if (billing !== 'on-demand') return {};
  return { maxReadRequestUnits: onDemandReadUnitsMax, maxWriteRequestUnits: onDemandWriteUnitsMax };
}

function warmThroughputOf({ warmReadUnits, warmWriteUnits }: Settings) {
  if (!warmReadUnits || !warmWriteUnits) return undefined;
  return { readUnitsPerSecond: warmReadUnits, writeUnitsPerSecond: warmWriteUnits };
}
