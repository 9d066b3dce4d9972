import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { refused } from './errors.ts';

const TIMEOUT_MS = 3000;

export interface AwsAccount {
  region: string | undefined;
  account: string;
  accountId?: string | undefined;
}

/**
 * Looks up the account and region of the environment's credentials.
 *
 * @returns `account`: `123456789012 (arn:aws:iam::123456789012:user/ada)`, or `unknown (…)` with the reason;
 *   `accountId`: undefined if it is unknown
 * @throws {CommandError} if `needed`, and credentials or region are missing
 */
export async function findAwsAccount(needed: boolean): Promise<AwsAccount> {
  const sts = new STSClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  try {
    const region = await sts.config.region().catch(() => undefined);
    if (region === undefined) {
      if (needed) throw refused('No AWS region is set: set AWS_REGION, or AWS_PROFILE to a profile that has one.');
      return { region, account: 'unknown (no AWS region is set)' };
    }
    return { region, ...(await describeCaller(sts, needed)) };
  } finally {
    sts.destroy();
  }
}

async function describeCaller(sts: STSClient, needed: boolean): Promise<Omit<AwsAccount, 'region'>> {
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: `${Account} (${Arn})`, accountId: Account };
  } catch (error) {
    if (needed && error instanceof Error && error.name === 'CredentialsProviderError') {
      throw refused(`No AWS credentials were found: ${error.message}`, { cause: error });
    }
    return { account: `unknown (STS did not answer: ${describeReason(error)})` };
  }
}

function describeReason(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  return code ?? `${name}: ${message}`;
}
