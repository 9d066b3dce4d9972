import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { COPY_RETENTION, createVault } from './vault.ts';

/** Until then, a lock that was set by mistake can be removed. AWS demands three days at least. */
const CHANGEABLE_FOR = Duration.days(3);

/**
 * A vault that receives copies, deployed in another account than all other stacks: in another region for the table, and in the same for PostgreSQL. After three days not even that
 * account's root user, or AWS, can delete a copy before its time.
 */
export class VaultStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { sourceAccount: string }) {
    super(scope, id, { ...props, terminationProtection: true });
    const vault = createVault(this, 'cruddur-messages-copies', {
      partner: props.sourceAccount,
      lockConfiguration: {
        minRetention: Duration.days(30),
        maxRetention: COPY_RETENTION,
        changeableFor: CHANGEABLE_FOR,
      },
    });
    new CfnOutput(this, 'VaultArn', { value: vault.backupVaultArn });
  }
}
