import { createRequire } from 'node:module';
import { JwtRsaVerifier } from 'aws-jwt-verify';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { NotAuthorizedError, UnsupportedError } from 'cognito-local/lib/errors.js';
import { Router } from 'cognito-local/lib/server/Router.js';
import { DateClock } from 'cognito-local/lib/services/clock.js';
import { CognitoServiceFactoryImpl } from 'cognito-local/lib/services/cognitoService.js';
import type { Context } from 'cognito-local/lib/services/context.js';
import type { Services, Triggers } from 'cognito-local/lib/services/index.js';
import { MessagesService } from 'cognito-local/lib/services/messages.js';
import { JwtTokenGenerator } from 'cognito-local/lib/services/tokenGenerator.js';
import { ACCESS_TOKEN_SECONDS, type Emulator } from './calls.ts';
import { createSignInAttempts } from './sign-in-attempts.ts';
import { createFileStoreFactory } from './store.ts';
import { createUserPoolFactory } from './user-pool.ts';

/** Options of {@link createEmulator}. */
export interface EmulatorOptions {
  dataDir: string;
  /** The issuer's origin, such as `http://127.0.0.1:9229`. */
  origin: string;
  userPoolId: string;
  clientId: string;
  /** The code of every confirmation; no mail is sent. */
  confirmationCode: string;
}

/**
 * Composes `cognito-local` with our own store and user pools, and creates the pool and its client at the first start.
 * (The package's own composition needs a working directory and environment variables.)
 */
export async function createEmulator(context: Context, options: EmulatorOptions): Promise<Emulator> {
  const clock = new DateClock();
  const stores = createFileStoreFactory(options.dataDir);
  const factory = new CognitoServiceFactoryImpl(options.dataDir, stores, createUserPoolFactory(clock, stores));
  const cognito = await factory.create(context, {});
  await ensureUserPool(context, cognito, options);
  const services: Services = {
    clock,
    cognito,
    config: { LambdaClient: {}, TriggerFunctions: {}, UserPoolDefaults: {}, ServerConfig: {}, TokenConfig: {} },
    messages: new MessagesService(NO_TRIGGERS, LOG_DELIVERY),
    otp: () => options.confirmationCode,
    tokenGenerator: new JwtTokenGenerator(clock, NO_TRIGGERS, { IssuerDomain: options.origin }),
    triggers: NO_TRIGGERS,
  };
  return {
    services,
    emulate: Router(services),
    signInAttempts: createSignInAttempts(),
    verifyAccessToken: accessTokenVerifier(`${options.origin}/${options.userPoolId}`),
  };
}

async function ensureUserPool(
  context: Context,
  cognito: Services['cognito'],
  { userPoolId, clientId }: EmulatorOptions,
): Promise<void> {
  if ((await cognito.getAppClient(context, clientId)) !== null) return;
  await cognito.createUserPool(context, {
    Id: userPoolId,
    Name: 'cruddur',
    AliasAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
  });
  const pool = await cognito.getUserPool(context, userPoolId);
  const now = new Date();
  await pool.saveAppClient(context, {
    UserPoolId: userPoolId,
    ClientId: clientId,
    ClientName: 'web',
    CreationDate: now,
    LastModifiedDate: now,
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
    AccessTokenValidity: ACCESS_TOKEN_SECONDS,
    IdTokenValidity: ACCESS_TOKEN_SECONDS,
    RefreshTokenValidity: 30,
    TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'seconds', RefreshToken: 'days' },
  });
}

function accessTokenVerifier(issuer: string): (token: string) => string {
  const verifier = JwtRsaVerifier.create({ issuer, audience: null });
  const { jwk } = createRequire(import.meta.url)('cognito-local/lib/keys/cognitoLocal.public.json');
  verifier.cacheJwks({ keys: [jwk] } as Jwks);
  return (token) => {
    try {
      const { sub, token_use: use } = verifier.verifySync(token);
      if (sub !== undefined && use === 'access') return sub;
    } catch {
      // Expired, forged or no token at all: AWS does not distinguish them.
    }
    throw new NotAuthorizedError('Invalid Access Token');
  };
}

const LOG_DELIVERY: ConstructorParameters<typeof MessagesService>[1] = {
  async deliver(context, user, { Destination }, { __code }) {
    context.logger.info(`Code ${__code} for ${user.Username}, to ${Destination}`);
  },
};

const noTrigger = () => Promise.reject(new UnsupportedError('Lambda triggers'));
const NO_TRIGGERS: Triggers = {
  enabled: () => false,
  customEmailSender: noTrigger,
  customMessage: noTrigger,
  postAuthentication: noTrigger,
  postConfirmation: noTrigger,
  preSignUp: noTrigger,
  preTokenGeneration: noTrigger,
  userMigration: noTrigger,
};
