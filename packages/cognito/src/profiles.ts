import {
  type AttributeType,
  type CognitoIdentityProviderClient,
  GetUserCommand,
  paginateListUsers,
} from '@aws-sdk/client-cognito-identity-provider';

export interface CognitoProfile {
  /** As in the `sub` claim of every token. */
  sub: string;
  /** As chosen at sign-up. */
  handle: string | null;
  displayName: string | null;
  email: string | null;
  emailVerified: boolean;
}

export interface CognitoUser extends CognitoProfile {
  /** Cognito's status, such as `CONFIRMED` or `UNCONFIRMED`. */
  status: string;
}

/**
 * Returns the profile of an access token's owner. Needs no AWS credentials.
 *
 * @throws {NotAuthorizedException} if the token is invalid, expired, revoked or signed out
 * @throws {UserNotFoundException} if the account has been deleted
 */
export async function getCognitoProfile(
  client: CognitoIdentityProviderClient,
  accessToken: string,
): Promise<CognitoProfile> {
  const { Username, UserAttributes } = await client.send(new GetUserCommand({ AccessToken: accessToken }));
  return parseProfile({ Username, Attributes: UserAttributes });
}

/** Yields all accounts of a user pool in Cognito's order. */
export async function* listCognitoUsers(
  client: CognitoIdentityProviderClient,
  userPoolId: string,
): AsyncGenerator<CognitoUser> {
  for await (const { Users = [] } of paginateListUsers({ client }, { UserPoolId: userPoolId })) {
    for (const user of Users) yield { ...parseProfile(user), status: user.UserStatus ?? 'UNKNOWN' };
  }
}

/**
 * Parses an account of a Cognito response. The handle is the user name, which cannot change; the origin's pool generates
 * user names from the `sub`, so there it is `preferred_username`.
 */
export function parseProfile(user: { Username?: string; Attributes?: readonly AttributeType[] }): CognitoProfile {
  const { Username, Attributes = [] } = user;
  const values = new Map(Attributes.map(({ Name, Value }) => [Name, Value || null]));
  const sub = values.get('sub');
  if (!sub) throw new TypeError('Cognito returned a user without a sub');
  const hasUserName = Username !== undefined && Username !== '' && Username !== sub;
  return {
    sub,
    handle: (hasUserName ? Username : values.get('preferred_username')) ?? null,
    displayName: values.get('name') ?? null,
    email: values.get('email') ?? null,
    emailVerified: values.get('email_verified') === 'true',
  };
}
