import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { failed } from '../cli/errors.ts';

/** Reads the password of the database's owner. @throws {CommandError} if the secret has none; the message quotes nothing of it */
export async function readOwnerPassword(secrets: SecretsManagerClient, SecretId: string): Promise<string> {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  const password = parsePassword(SecretString);
  if (!password) throw failed(`The secret ${SecretId} has no password.`);
  return password;
}

function parsePassword(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { password?: string }).password;
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}
