import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { suppressNag } from '../nag.ts';
import type { Settings } from '../settings.ts';
import { MODERATOR_TABLE_ACTIONS, tableStatements } from '../table-access.ts';
import { AuroraDatabase } from './database.ts';
import { createServedTable } from './messages-table.ts';
import { createUserPool } from './user-pool.ts';

/** The data that must survive every deployment: messages, people, accounts. */
export class DataStack extends Stack {
  /** The table that programs use, which need not be the stack's own. */
  readonly table: ITableV2;
  readonly database: AuroraDatabase;
  readonly userPool: UserPool;
  readonly userPoolClient: UserPoolClient;
  readonly cursorSecret: Secret;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings; vpc: IVpc }) {
    super(scope, id, { ...props, terminationProtection: true });
    this.table = createServedTable(this, props.settings);
    this.database = new AuroraDatabase(this, 'Database', props);
    const { pool, client } = createUserPool(this, props.settings);
    this.userPool = pool;
    this.userPoolClient = client;
    this.cursorSecret = new Secret(this, 'CursorSecret', {
      description: 'Key of the page cursors',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    suppressNag(this.cursorSecret, {
      SMG4: 'Rotation invalidates every page cursor, so it is rotated by hand if it may have leaked (docs/recovery.md).',
    });
    const moderators = new ManagedPolicy(this, 'ModeratorPolicy', {
      description: 'What the commands in bin/moderation do with the table',
      statements: tableStatements(this.table, MODERATOR_TABLE_ACTIONS),
    });
    for (const [name, value] of Object.entries({
      TableName: this.table.tableName,
      StreamArn: this.table.tableStreamArn ?? '',
      UserPoolId: pool.userPoolId,
      UserPoolClientId: client.userPoolClientId,
      DatabaseHost: this.database.cluster.clusterEndpoint.hostname,
      DatabaseOwnerSecretArn: this.database.ownerSecret.secretArn,
      CursorSecretArn: this.cursorSecret.secretArn,
      ModeratorPolicyArn: moderators.managedPolicyArn,
    })) {
      new CfnOutput(this, name, { value });
    }
  }
}
