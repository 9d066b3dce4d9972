import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';

/**
 * Who may sign in. People sign up with their handle as user name, and sign in with it or with their confirmed e-mail
 * address, whatever the case; `packages/local` has an emulator of the same.
 */
export function createUserPool(scope: Construct): { pool: UserPool; client: UserPoolClient } {
  const pool = new UserPool(scope, 'UserPool', {
    selfSignUpEnabled: true,
    signInAliases: { username: true, email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    // A new address counts once its owner has confirmed it; until then the old one does.
    keepOriginal: { email: true },
    standardAttributes: { email: { required: true, mutable: true } },
    // The page shows these rules: apps/web/src/auth/password-rules.ts.
    passwordPolicy: {
      minLength: 8,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(3),
    },
    mfa: Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    featurePlan: FeaturePlan.PLUS,
    standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  accept(pool, {
    COG2: 'A second factor is offered to everybody (TOTP) and demanded of nobody: threat protection asks for it at risk.',
  });
  const client = pool.addClient('Web', {
    // A page can keep no secret.
    generateSecret: false,
    // SRP alone: the password itself never travels.
    authFlows: { userSrp: true },
    disableOAuth: true,
    supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    accessTokenValidity: Duration.hours(1),
    idTokenValidity: Duration.hours(1),
    refreshTokenValidity: Duration.days(30),
    authSessionValidity: Duration.minutes(5),
    // The origin's accounts have their handle in preferred_username; ours is the user name.
    readAttributes: attributes().withStandardAttributes({ ...PROFILE, preferredUsername: true, emailVerified: true }),
    writeAttributes: attributes().withStandardAttributes(PROFILE),
  });
  return { pool, client };
}

/** What people may write about themselves, at sign-up and later. The handle is the user name, which nobody can change. */
const PROFILE = { email: true, fullname: true };

function attributes(): ClientAttributes {
  return new ClientAttributes();
}
