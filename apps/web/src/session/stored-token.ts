/** Where Amplify keeps its tokens; throws where a browser blocks it. */
export type TokenStorage = () => Pick<Storage, 'getItem'>;

/** Under this name Amplify keeps whatever is of Cognito's. */
export const STORED_BY_AMPLIFY = 'CognitoIdentityServiceProvider';

/** The access token that Amplify has stored, perhaps run out; `null` where there is none. */
export function storedToken(storage: TokenStorage, clientId: string | undefined): string | null {
  if (clientId === undefined) return null;
  const prefix = `${STORED_BY_AMPLIFY}.${clientId}`;
  try {
    const username = storage().getItem(`${prefix}.LastAuthUser`);
    return storage().getItem(`${prefix}.${username}.accessToken`);
  } catch {
    return null;
  }
}
