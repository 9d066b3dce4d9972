import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';
import type { Settings } from '../settings.ts';
import { Database } from './database.ts';
import { createMessagesTable } from './messages-table.ts';
import { createUserPool } from './user-pool.ts';

/** What must outlive every deployment: the messages, the people, their accounts. */
export class DataStack extends Stack {
  readonly table: Table;
  readonly database: Database;
  readonly userPool: UserPool;
  readonly userPoolClient: UserPoolClient;
  /** Key of the page cursors. */
  readonly cursorSecret: Secret;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings; vpc: IVpc }) {
    super(scope, id, { ...props, terminationProtection: true });
    this.table = createMessagesTable(this, props.settings);
    this.database = new Database(this, 'Database', props);
    const { pool, client } = createUserPool(this);
    this.userPool = pool;
    this.userPoolClient = client;
    this.cursorSecret = new Secret(this, 'CursorSecret', {
      description: 'Key of the page cursors',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    accept(this.cursorSecret, {
      SMG4: 'Rotating it ends every open page cursor; it is rotated by hand where it may have been seen (docs/deployment.md).',
    });
    for (const [name, value] of Object.entries({
      TableName: this.table.tableName,
      UserPoolId: pool.userPoolId,
      UserPoolClientId: client.userPoolClientId,
      DatabaseHost: this.database.cluster.clusterEndpoint.hostname,
      DatabaseOwnerSecretArn: this.database.ownerSecret.secretArn,
      DatabaseServerSecretArn: this.database.serverSecret.secretArn,
      CursorSecretArn: this.cursorSecret.secretArn,
    })) {
      new CfnOutput(this, name, { value });
    }
  }
}
