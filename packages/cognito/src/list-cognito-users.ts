import { type CognitoIdentityProviderClient, paginateListUsers } from '@aws-sdk/client-cognito-identity-provider';
import { type CognitoProfile, parseProfile } from './attributes.ts';

/** An account of a user pool. */
export interface CognitoUser extends CognitoProfile {
  /** Cognito's state of the account, such as `CONFIRMED` or `UNCONFIRMED`. */
  status: string;
}

/** Yields everybody of a user pool, page by page, in Cognito's own order. */
export async function* listCognitoUsers(
  client: CognitoIdentityProviderClient,
  userPoolId: string,
): AsyncGenerator<CognitoUser> {
  for await (const page of paginateListUsers({ client }, { UserPoolId: userPoolId })) {
    for (const user of page.Users ?? []) {
      yield { ...parseProfile(user), status: user.UserStatus ?? 'UNKNOWN' };
    }
  }
}
