import { MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
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

/**
 * Of the table in every template from the first on. CloudFormation knows a table by it: another id would be another
 * table. `policies/stack-policy.json` names it too.
 */
export const TABLE_LOGICAL_ID = 'MessagesTable';

/** Share of the provisioned units that is used before more are provisioned, in percent. */
const TARGET_UTILISATION = 70;

/** The table as `packages/ddb` makes it, with what keeps it: recovery, protection, encryption. */
export function createMessagesTable(scope: Construct, settings: Settings): Table {
  const provisioned = settings.billing === 'provisioned';
  const units = { readCapacity: settings.readUnitsMin, writeCapacity: settings.writeUnitsMin };
  const table = new Table(scope, 'Table', {
    tableName: settings.tableName,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    stream: StreamViewType.NEW_IMAGE,
    billingMode: provisioned ? BillingMode.PROVISIONED : BillingMode.PAY_PER_REQUEST,
    ...(provisioned ? units : {}),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    // AWS's key rather than one of our own: nobody can schedule its deletion, and with it the end of every message.
    encryption: TableEncryption.AWS_MANAGED,
    // Tells which conversation or person it is that DynamoDB throttles, and costs nothing while it throttles none.
    contributorInsightsSpecification: { enabled: true, mode: ContributorInsightsMode.THROTTLED_KEYS },
  });
  table.addGlobalSecondaryIndex({
    indexName: MESSAGE_GROUP_INDEX,
    partitionKey: { name: 'message_group_uuid', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
    ...(provisioned ? units : {}),
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
    scaling.scaleOnUtilization({ targetUtilizationPercent: TARGET_UTILISATION });
  }
}
