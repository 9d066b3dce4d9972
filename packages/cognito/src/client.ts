import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

/** Where Cognito is. */
export interface CognitoLocation {
  region: string;
  /** Undefined: the region's own endpoint. */
  endpoint?: string | undefined;
  /** True for the emulator of the embedded stack, which takes any credentials. */
  embedded: boolean;
}

/** Makes a Cognito client. On AWS it takes its credentials from the environment, as every SDK client does. */
export function createCognitoClient({ region, endpoint, embedded }: CognitoLocation): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(embedded ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {}),
  });
}
