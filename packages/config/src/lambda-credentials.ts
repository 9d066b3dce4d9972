import { fromEnv } from '@aws-sdk/credential-provider-env';

/** In a Lambda's bundle, the SDK's default provider of credentials: those of its role are in its environment. */
export const defaultProvider = () => fromEnv();
