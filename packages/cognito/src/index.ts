export type { CognitoProfile } from './attributes.ts';
export { type CognitoLocation, createCognitoClient } from './client.ts';
export { type CognitoAccount, ensureCognitoAccount } from './ensure-cognito-account.ts';
export { getCognitoProfile } from './get-cognito-profile.ts';
export { type CognitoUser, listCognitoUsers } from './list-cognito-users.ts';
