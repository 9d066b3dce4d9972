import { Amplify } from 'aws-amplify';
import { fetchAuthSession, getCurrentUser, signOut } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { Hub } from 'aws-amplify/utils';
import type { WebEnv } from '../env.ts';
import { forgetTokens, tokenStore } from './stored-session.ts';

/**
 * Tells Amplify where Cognito is.
 *
 * @param onEnded - called when Amplify finds that a session is over
 */
export function connectAmplify(env: WebEnv, onEnded: () => void) {
  const { userPoolId, clientId: userPoolClientId, cognitoEndpoint: userPoolEndpoint } = env;
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId, userPoolClientId, ...(userPoolEndpoint === undefined ? {} : { userPoolEndpoint }) },
    },
  });
  // Amplify's default storage throws where the browser has no room.
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (key) => tokenStore.get(key),
    setItem: async (key, value) => tokenStore.set(key, value),
    removeItem: async (key) => tokenStore.set(key, null),
    clear: async () => forgetTokens(tokenStore),
  });
  Hub.listen('auth', ({ payload }) => {
    if (payload.event === 'signedOut' || payload.event === 'tokenRefresh_failure') onEnded();
  });
  return { fetchAuthSession, getCurrentUser, signOut };
}

/** What of Amplify a session needs. */
export type ConnectedAmplify = ReturnType<typeof connectAmplify>;
