import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';

const schema = z.object({ username: z.string().check(z.minLength(1)), password: z.string().check(z.minLength(1)) });

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

/**
 * Reads the user and password of a database's secret.
 *
 * @throws if Secrets Manager does not answer, or the secret has another form
 */
export async function readDatabaseSecret(secretId: string): Promise<z.output<typeof schema>> {
  return schema.parse(JSON.parse(await readSecret(secretId)));
}
