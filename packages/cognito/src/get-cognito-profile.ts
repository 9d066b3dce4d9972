import { type CognitoIdentityProviderClient, GetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { type CognitoProfile, parseProfile } from './attributes.ts';

/**
 * Asks Cognito whose an access token is. No AWS credentials are needed: the token is the permission.
 *
 * @throws {NotAuthorizedException} the token is refused: expired, revoked, signed out or not Cognito's
 * @throws {UserNotFoundException} the account has been deleted since
 * @throws any other error of the SDK: Cognito did not answer, or not in time; asking again may help
 */
export async function getCognitoProfile(
  client: CognitoIdentityProviderClient,
  accessToken: string,
): Promise<CognitoProfile> {
  const { Username, UserAttributes } = await client.send(new GetUserCommand({ AccessToken: accessToken }));
  return parseProfile({ Username, Attributes: UserAttributes });
}
