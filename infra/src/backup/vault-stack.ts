import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { COPY_RETENTION, createVault } from './vault.ts';

/** Until then, a lock that was set by mistake can be removed. AWS demands three days at least. */
const CHANGEABLE_FOR = Duration.days(3);

/**
 * The vault that receives the copies, deployed in another account and region than all other stacks, once. After three days not even that
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
