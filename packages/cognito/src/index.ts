export { type CognitoLocation, createCognitoClient } from './client.ts';
export { type CognitoAccount, ensureCognitoAccount } from './ensure-cognito-account.ts';
export { type CognitoProfile, type CognitoUser, getCognitoProfile, listCognitoUsers } from './profiles.ts';
