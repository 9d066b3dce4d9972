import { EXPIRY_ATTRIBUTE, MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type CfnTable,
  ContributorInsightsMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** Must never change: CloudFormation would create another table. `policies/stack-policy.json` has it too. */
export const TABLE_LOGICAL_ID = 'MessagesTable';

export function createMessagesTable(scope: Construct, settings: Settings): Table {
  const provisioned = settings.billing === 'provisioned';
  const units = provisioned ? { readCapacity: settings.readUnitsMin, writeCapacity: settings.writeUnitsMin } : {};
  const table = new Table(scope, 'Table', {
    tableName: settings.tableName,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    stream: StreamViewType.NEW_IMAGE,
    billingMode: provisioned ? BillingMode.PROVISIONED : BillingMode.PAY_PER_REQUEST,
    ...units,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
    timeToLiveAttribute: EXPIRY_ATTRIBUTE,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    // AWS's key: a customer's key could be deleted, and every message with it.
    encryption: TableEncryption.AWS_MANAGED,
    // Shows which keys are throttled; free while none is.
    contributorInsightsSpecification: { enabled: true, mode: ContributorInsightsMode.THROTTLED_KEYS },
  });
  table.addGlobalSecondaryIndex({
    indexName: MESSAGE_GROUP_INDEX,
    partitionKey: { name: 'message_group_uuid', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
    ...units,
  });
  if (provisioned) scaleWithUse(table, settings);
  (table.node.defaultChild as CfnTable).overrideLogicalId(TABLE_LOGICAL_ID);
  return table;
}

function scaleWithUse(table: Table, settings: Settings): void {
  const read = { minCapacity: settings.readUnitsMin, maxCapacity: settings.readUnitsMax };
  const write = { minCapacity: settings.writeUnitsMin, maxCapacity: settings.writeUnitsMax };
  for (const scaling of [
    table.autoScaleReadCapacity(read),
    table.autoScaleWriteCapacity(write),
    table.autoScaleGlobalSecondaryIndexReadCapacity(MESSAGE_GROUP_INDEX, read),
    table.autoScaleGlobalSecondaryIndexWriteCapacity(MESSAGE_GROUP_INDEX, write),
  ]) {
    scaling.scaleOnUtilization({ targetUtilizationPercent: 70 });
  }
}
