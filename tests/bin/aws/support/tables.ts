import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tableDefinition } from '@cruddur/ddb';
import { ACCOUNT, awsError, REGION, type startStandIns } from './stand-ins.ts';

const INDEX = 'message-group-sk-index';

interface TableState {
  TableName: string;
  TableArn: string;
  TableStatus: 'CREATING' | 'UPDATING' | 'ACTIVE';
  StreamSpecification?: object;
  LatestStreamArn?: string;
  DeletionProtectionEnabled: boolean;
  RestoreSummary?: { SourceTableArn: string; RestoreDateTime: Date; RestoreInProgress: boolean };
  BillingMode?: string;
  ttl: boolean;
  recovery: 'ENABLED' | 'DISABLED' | 'STARTING';
  tags: { Key: string; Value: string }[];
  insights: string[];
}

const EARLIEST = new Date('2026-10-23T09:00:00Z');
const LATEST = new Date('2026-11-27T08:55:00Z');

const arnOf = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;

/**
 * DynamoDB's tables, without items. A table changes its status each time that it is described. A restored one lacks what AWS
 * lists: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 */
export function serveTables(aws: ReturnType<typeof startStandIns>, served: string) {
  const tables = new Map<string, TableState>();
  tables.set(served, {
    TableName: served,
    TableArn: arnOf(served),
    TableStatus: 'ACTIVE',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    LatestStreamArn: `${arnOf(served)}/stream/2026-01-01T00:00:00.000`,
    DeletionProtectionEnabled: true,
    ttl: true,
    recovery: 'ENABLED',
    tags: [
      { Key: 'aws:cloudformation:stack-name', Value: 'CruddurData' },
      { Key: 'application', Value: 'cruddur-messages' },
      { Key: 'stage', Value: 'production' },
    ],
    insights: ['', INDEX],
  });
  const find = (name: string): TableState => {
    const table = tables.get(name);
    if (!table) throw awsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    return table;
  };
  const findActive = (name: string): TableState => {
    const table = find(name);
    if (table.TableStatus !== 'ACTIVE') throw awsError('ResourceInUseException', `Table is being changed: ${name}`);
    return table;
  };
  const { KeySchema, GlobalSecondaryIndexes } = tableDefinition('any');
  aws.serve(DynamoDBClient, {
    DescribeTable({ TableName }: { TableName: string }) {
      const table = find(TableName);
      const Table = structuredClone({ ...table, KeySchema, GlobalSecondaryIndexes });
      table.TableStatus = 'ACTIVE';
      if (table.RestoreSummary) table.RestoreSummary.RestoreInProgress = false;
      return { Table };
    },
    DescribeContinuousBackups({ TableName }: { TableName: string }) {
      const isOn = find(TableName).recovery === 'ENABLED';
      const PointInTimeRecoveryDescription = isOn
        ? {
            PointInTimeRecoveryStatus: 'ENABLED',
            EarliestRestorableDateTime: EARLIEST,
            LatestRestorableDateTime: LATEST,
          }
        : { PointInTimeRecoveryStatus: 'DISABLED' };
      return { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription } };
    },
    RestoreTableToPointInTime(input: {
      SourceTableName: string;
      TargetTableName: string;
      RestoreDateTime: Date;
      BillingModeOverride: string;
    }) {
      const { TargetTableName: name, RestoreDateTime, BillingModeOverride } = input;
      if (tables.has(name)) throw awsError('TableAlreadyExistsException', `Table already exists: ${name}`);
      const SourceTableArn = find(input.SourceTableName).TableArn;
      tables.set(name, {
        TableName: name,
        TableArn: arnOf(name),
        TableStatus: 'CREATING',
        DeletionProtectionEnabled: false,
        RestoreSummary: { SourceTableArn, RestoreDateTime, RestoreInProgress: true },
        BillingMode: BillingModeOverride,
        ttl: false,
        recovery: 'STARTING',
        tags: [],
        insights: [],
      });
      return {};
    },
    UpdateTable(input: { TableName: string; StreamSpecification?: object; DeletionProtectionEnabled?: boolean }) {
      const table = findActive(input.TableName);
      if (input.DeletionProtectionEnabled) table.DeletionProtectionEnabled = true;
      if (input.StreamSpecification) {
        if (table.StreamSpecification) throw awsError('ValidationException', 'Table already has an enabled stream');
        table.StreamSpecification = input.StreamSpecification;
        table.LatestStreamArn = `${table.TableArn}/stream/2026-11-27T09:00:00.000`;
        table.TableStatus = 'UPDATING';
      }
      return {};
    },
    UpdateContinuousBackups({ TableName }: { TableName: string }) {
      const table = find(TableName);
      if (table.recovery === 'STARTING') {
        table.recovery = 'DISABLED';
        const words = `Backups are being enabled for the table: ${TableName}. Please retry later`;
        throw awsError('ContinuousBackupsUnavailableException', words);
      }
      table.recovery = 'ENABLED';
      return {};
    },
    DescribeTimeToLive: ({ TableName }: { TableName: string }) => ({
      TimeToLiveDescription: { TimeToLiveStatus: find(TableName).ttl ? 'ENABLED' : 'DISABLED' },
    }),
    UpdateTimeToLive({ TableName }: { TableName: string }) {
      findActive(TableName).ttl = true;
      return {};
    },
    // A page has one tag here, so that every page must be read.
    ListTagsOfResource({ ResourceArn, NextToken }: { ResourceArn: string; NextToken?: string }) {
      const { tags } = find(ResourceArn.split('/')[1] ?? '');
      const at = Number(NextToken ?? 0);
      return { Tags: tags.slice(at, at + 1), NextToken: at + 1 < tags.length ? String(at + 1) : undefined };
    },
    TagResource({ ResourceArn, Tags }: { ResourceArn: string; Tags: TableState['tags'] }) {
      if (Tags.some(({ Key }) => Key.startsWith('aws:'))) {
        throw awsError('ValidationException', 'aws: prefixed tag key names are not allowed for external use.');
      }
      find(ResourceArn.split('/')[1] ?? '').tags = Tags;
      return {};
    },
    DescribeContributorInsights: ({ TableName, IndexName = '' }: { TableName: string; IndexName?: string }) => ({
      ContributorInsightsStatus: find(TableName).insights.includes(IndexName) ? 'ENABLED' : 'DISABLED',
      ContributorInsightsMode: 'THROTTLED_KEYS',
    }),
    UpdateContributorInsights({ TableName, IndexName = '' }: { TableName: string; IndexName?: string }) {
      find(TableName).insights.push(IndexName);
      return {};
    },
  });
  return tables;
}
