import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';

/** The account in an ARN. */
export const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

/**
 * Lets another account read backups that it copies out of a vault, and write them with its own key. Without it, a copy fails.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
 *
 * @param grantActions - what it may do with grants, for services only
 */
export function shareForCopies(key: Key, account: string, grantActions = ['kms:CreateGrant']): void {
  const principals = [new AccountPrincipal(account)];
  key.addToResourcePolicy(
    new PolicyStatement({
      principals,
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      principals,
      actions: grantActions,
      resources: ['*'],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  );
}
