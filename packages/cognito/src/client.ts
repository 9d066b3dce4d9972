import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

export interface CognitoLocation {
  region: string;
  /** Undefined: the region's own endpoint. */
  endpoint?: string;
  /** The emulator of the embedded stack, which accepts any credentials. */
  embedded: boolean;
}

/** Creates a Cognito client with credentials from the environment. */
export function createCognitoClient({ region, endpoint, embedded }: CognitoLocation): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region,
    endpoint,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
    credentials: embedded ? { accessKeyId: 'local', secretAccessKey: 'local' } : undefined,
  });
}
