import { createRequire } from 'node:module';
import { EMBEDDED_COGNITO } from '@cruddur/config/env';
import { JwtRsaVerifier } from 'aws-jwt-verify';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { NotAuthorizedError } from 'cognito-local/lib/errors.js';
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

const { userPoolId, clientId } = EMBEDDED_COGNITO;

/** The code that confirms every sign-up and password reset; no mail is sent. */
export const CONFIRMATION_CODE = '123456';

/**
 * Composes `cognito-local` with our own store and user pools, and creates the pool and its client at the first start.
 * (The package's own composition needs a working directory and environment variables.)
 *
 * @param origin - the issuer's, such as `http://127.0.0.1:9229`
 */
export async function createEmulator(context: Context, dataDir: string, origin: string): Promise<Emulator> {
  const clock = new DateClock();
  const stores = createFileStoreFactory(dataDir);
  const factory = new CognitoServiceFactoryImpl(dataDir, stores, createUserPoolFactory(clock, stores));
  const cognito = await factory.create(context, {});
  await ensureUserPool(context, cognito);
  const services: Services = {
    clock,
    cognito,
    config: { LambdaClient: {}, TriggerFunctions: {}, UserPoolDefaults: {}, ServerConfig: {}, TokenConfig: {} },
    messages: new MessagesService(NO_TRIGGERS, LOG_DELIVERY),
    otp: () => CONFIRMATION_CODE,
    tokenGenerator: new JwtTokenGenerator(clock, NO_TRIGGERS, { IssuerDomain: origin }),
    triggers: NO_TRIGGERS,
  };
  return {
    services,
    emulate: Router(services),
    signInAttempts: createSignInAttempts(),
    verifyAccessToken: accessTokenVerifier(`${origin}/${userPoolId}`),
  };
}

async function ensureUserPool(context: Context, cognito: Services['cognito']): Promise<void> {
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

// A trigger is called only if it is enabled.
const NO_TRIGGERS = { enabled: () => false } as unknown as Triggers;
