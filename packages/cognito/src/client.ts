import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

/** Creates a Cognito client, by default of AWS in the region. The embedded emulator accepts any credentials. */
export function createCognitoClient(options: { region: string; endpoint?: string; embedded: boolean }) {
  const { region, endpoint, embedded } = options;
  return new CognitoIdentityProviderClient({
    region,
    endpoint,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
    credentials: embedded ? { accessKeyId: 'local', secretAccessKey: 'local' } : undefined,
  });
}
