export { createCognitoClient } from './client.ts';
export { ensureCognitoAccount } from './ensure-cognito-account.ts';
export { type CognitoProfile, type CognitoUser, getCognitoProfile, listCognitoUsers } from './profiles.ts';
