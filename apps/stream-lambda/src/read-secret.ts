import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** @throws if Secrets Manager does not answer */
export async function readSecret(SecretId: string): Promise<string> {
  const client = new SecretsManagerClient({});
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    return SecretString;
  } finally {
    client.destroy();
  }
}
