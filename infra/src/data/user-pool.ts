import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolEmail,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { suppressNag } from '../nag.ts';
import type { Settings } from '../settings.ts';

/** Attributes that people may change. The handle is the user name and cannot change. */
const PROFILE = { email: true, fullname: true };

/**
 * People sign up with their handle as user name, and sign in with it or with their confirmed e-mail address, regardless
 * of case. `packages/local` emulates the same pool.
 */
export function createUserPool(
  scope: Construct,
  { mailFrom }: Pick<Settings, 'mailFrom'>,
): { pool: UserPool; client: UserPoolClient } {
  const pool = new UserPool(scope, 'UserPool', {
    selfSignUpEnabled: true,
    signInAliases: { username: true, email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    ...(mailFrom && { email: sendWithSes(mailFrom) }),
    // The old address is valid until the new one is confirmed.
    keepOriginal: { email: true },
    standardAttributes: { email: { required: true, mutable: true } },
    // The page shows these rules: apps/web/src/auth.
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
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  suppressNag(pool, { COG2: 'TOTP is optional; threat protection requires it for risky sign-ins.' });
  return { pool, client: addWebClient(pool) };
}

/** By itself, Cognito sends 50 mails a day. The identity is the address's domain, in the region of the pool. */
function sendWithSes(fromEmail: string): UserPoolEmail {
  return UserPoolEmail.withSES({ fromEmail, sesVerifiedDomain: fromEmail.split('@')[1], sesRegion: Aws.REGION });
}

function addWebClient(pool: UserPool): UserPoolClient {
  return pool.addClient('Web', {
    generateSecret: false,
    // Only SRP: the password itself is never sent.
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
    readAttributes: new ClientAttributes().withStandardAttributes({
      ...PROFILE,
      preferredUsername: true,
      emailVerified: true,
    }),
    writeAttributes: new ClientAttributes().withStandardAttributes(PROFILE),
  });
}
