import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupVault, type BackupVaultProps } from 'aws-cdk-lib/aws-backup';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { shareForCopies } from '../share-key.ts';

/** How long a copy stays in the other account. */
export const COPY_RETENTION = Duration.days(90);

/**
 * Creates a vault with a separate key, which `policies/service-control-policy.json` protects by its alias. Both are kept.
 *
 * @param partner - the account with the other vault: it copies into this one, and reads what it copies out of it. Backups of the table
 *   are encrypted with the vault's key
 */
export function createVault(
  scope: Construct,
  name: string,
  { partner, ...props }: BackupVaultProps & { partner: string },
): BackupVault {
  const encryptionKey = new Key(scope, 'Key', {
    alias: `alias/${name}-backups`,
    description: 'Backups of Cruddur Messages',
    enableKeyRotation: true,
    pendingWindow: Duration.days(30),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  shareForCopies(encryptionKey, partner);
  return new BackupVault(scope, 'Vault', {
    backupVaultName: name,
    encryptionKey,
    accessPolicy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          principals: [new AccountPrincipal(partner)],
          actions: ['backup:CopyIntoBackupVault'],
          resources: ['*'],
        }),
      ],
    }),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...props,
  });
}
