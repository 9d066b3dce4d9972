import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { parseProfile } from './profiles.ts';

interface CognitoAccount {
  /** Becomes Cognito's user name, and `preferred_username` for programs of the origin. */
  handle: string;
  displayName: string;
  email: string;
  password: string;
}

/**
 * Creates an account that can sign in by handle or e-mail address, without sending mail. A confirmed account with that
 * handle is not changed, not even its password.
 *
 * @returns the account's `sub`
 */
export async function ensureCognitoAccount(
  client: CognitoIdentityProviderClient,
  userPoolId: string,
  account: CognitoAccount,
): Promise<string> {
  const name = { UserPoolId: userPoolId, Username: account.handle };
  const user = await createAccount(client, userPoolId, account).catch(async (error: unknown) => {
    if (!(error instanceof UsernameExistsException)) throw error;
    const existing = await client.send(new AdminGetUserCommand(name));
    return { ...existing, Attributes: existing.UserAttributes };
  });
  if (user?.UserStatus !== 'CONFIRMED') {
    const password = { ...name, Password: account.password, Permanent: true };
    await client.send(new AdminSetUserPasswordCommand(password));
  }
  return parseProfile(user ?? {}).sub;
}

async function createAccount(client: CognitoIdentityProviderClient, userPoolId: string, account: CognitoAccount) {
  const { User } = await client.send(
    new AdminCreateUserCommand({
      UserPoolId: userPoolId,
      Username: account.handle,
      MessageAction: 'SUPPRESS',
      TemporaryPassword: account.password,
      UserAttributes: [
        { Name: 'email', Value: account.email },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'preferred_username', Value: account.handle },
        { Name: 'name', Value: account.displayName },
      ],
    }),
  );
  return User;
}
