import { Amplify } from 'aws-amplify';
import { fetchAuthSession } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import type { WebEnv } from '../env.ts';
import { forgetTokens, tokenStore } from './stored-session.ts';

/** Configures Amplify for the deployment's Cognito. May be called again. */
export function connectAmplify({ userPoolId, clientId: userPoolClientId, cognitoEndpoint: userPoolEndpoint }: WebEnv) {
  Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint } } });
  // Amplify's default storage throws where the browser has no room.
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (key) => tokenStore.get(key),
    setItem: async (key, value) => tokenStore.set(key, value),
    removeItem: async (key) => tokenStore.set(key, null),
    clear: async () => forgetTokens(),
  });
  return { fetchAuthSession };
}
