import { type CognitoUser, createCognitoClient, listCognitoUsers } from '@cruddur/cognito';
import { failed, refused, saysUnanswered } from './errors.ts';
import type { Session } from './session.ts';
import type { Target } from './target.ts';
import { unanswered } from './unanswered.ts';

/**
 * Yields every user of the session's user pool, from all its pages.
 *
 * @throws {CommandError} in one sentence, if Cognito does not answer or refuses
 */
export async function* listUsers({ target }: Session): AsyncGenerator<CognitoUser> {
  const client = createCognitoClient(target.cognito);
  try {
    yield* listCognitoUsers(client, target.cognito.userPoolId);
  } catch (error) {
    throw explain(error, target);
  } finally {
    client.destroy();
  }
}

function explain(error: unknown, { prod, cognito }: Target): unknown {
  if (!(error instanceof Error)) return error;
  const address = cognito.endpoint ?? `AWS in ${cognito.region}`;
  if (saysUnanswered(error)) {
    return unanswered('Cognito', { prod, embedded: cognito.embedded, address, variable: 'COGNITO_ENDPOINT' }, error);
  }
  if (error.name === 'ResourceNotFoundException') {
    return failed(`There is no user pool ${cognito.userPoolId} at ${address}.`, { cause: error });
  }
  if (error.name === 'CredentialsProviderError') {
    return refused(`No AWS credentials were found, which ${address} asks for: ${error.message}`, { cause: error });
  }
  return '$metadata' in error ? failed(`Cognito said no: ${error.name}: ${error.message}`, { cause: error }) : error;
}
