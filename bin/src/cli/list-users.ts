import { type CognitoUser, createCognitoClient, listCognitoUsers } from '@cruddur/cognito';
import { explainAwsError } from './errors.ts';
import type { OperatorSession } from './session.ts';

/** @throws {CommandError} if Cognito does not answer or refuses */
export async function* listUsers({ target }: OperatorSession): AsyncGenerator<CognitoUser> {
  const { prod, region, cognito } = target;
  const client = createCognitoClient({ region, ...cognito });
  try {
    yield* listCognitoUsers(client, cognito.userPoolId);
  } catch (error) {
    throw explainAwsError(error, {
      name: 'Cognito',
      prod,
      region,
      ...cognito,
      variable: 'COGNITO_ENDPOINT',
      missing: (address) => `There is no user pool ${cognito.userPoolId} at ${address}.`,
    });
  } finally {
    client.destroy();
  }
}
