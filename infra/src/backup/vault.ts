import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupVault, type BackupVaultProps } from 'aws-cdk-lib/aws-backup';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** How long a copy stays in the other account. */
export const COPY_RETENTION = Duration.days(90);

/** Creates a vault with a key of its own, which `policies/service-control-policy.json` protects by its alias. Both are kept. */
export function createVault(scope: Construct, name: string, props: BackupVaultProps = {}): BackupVault {
  const encryptionKey = new Key(scope, 'Key', {
    alias: `alias/${name}-backups`,
    description: 'Backups of Cruddur Messages',
    enableKeyRotation: true,
    pendingWindow: Duration.days(30),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  return new BackupVault(scope, 'Vault', {
    backupVaultName: name,
    encryptionKey,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...props,
  });
}
