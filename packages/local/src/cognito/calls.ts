import {
  CodeMismatchError,
  CognitoError,
  ExpiredCodeError,
  InvalidParameterError,
  InvalidPasswordError,
  NotAuthorizedError,
} from 'cognito-local/lib/errors.js';
import type { Router } from 'cognito-local/lib/server/Router.js';
import type { Context } from 'cognito-local/lib/services/context.js';
import type { Services } from 'cognito-local/lib/services/index.js';
import { attributesAppend, type User } from 'cognito-local/lib/services/userPoolService.js';
import type { SignInAttempts } from './sign-in-attempts.ts';
import { emailOf } from './user-pool.ts';

/** A call's body. */
export interface CognitoRequest {
  ClientId?: string;
  Username?: string;
  AccessToken?: string;
  RefreshToken?: string;
  AuthFlow?: string;
  AuthParameters?: Record<string, string>;
  UserAttributes?: { Name: string; Value?: string }[];
  [name: string]: unknown;
}

/** The emulator's services and calls, which do most of the work. */
export interface Emulator {
  services: Services;
  emulate: Router;
  signInAttempts: SignInAttempts;
  /** Verifies an access token and returns its `sub`. */
  verifyAccessToken(token: string): string;
}

type Call = (emulator: Emulator, context: Context, request: CognitoRequest) => Promise<object>;

/** AWS's response for an unknown user with PreventUserExistenceErrors, which looks like that for a known one. */
function simulatedDelivery({ Username = '' }: CognitoRequest): object {
  const Destination = `${Username}@example.com`;
  return { CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination } };
}

/**
 * The calls that the emulator lacks (GetTokensFromRefreshToken, GlobalSignOut, ResendConfirmationCode), and those whose
 * response differs from that of AWS in a way that the web app notices.
 */
const CALLS: Readonly<Record<string, Call>> = {
  async InitiateAuth(emulator, context, request) {
    const byPassword = request.AuthFlow === 'USER_PASSWORD_AUTH';
    const { signInAttempts } = emulator;
    const name = await nameOfSignIn(emulator, context, request);
    if (byPassword && signInAttempts.isLocked(name)) throw new NotAuthorizedError('Password attempts exceeded');
    try {
      const answer = withTokenDetails(await emulator.emulate('InitiateAuth')(context, request));
      if (byPassword) signInAttempts.succeed(name);
      return answer;
    } catch (error) {
      const refused = error instanceof InvalidPasswordError || error instanceof NotAuthorizedError;
      if (!refused) throw error;
      if (byPassword) signInAttempts.fail(name);
      throw new NotAuthorizedError(byPassword ? 'Incorrect username or password.' : 'Invalid Refresh Token');
    }
  },

  GetTokensFromRefreshToken(emulator, context, { RefreshToken, ClientId }) {
    const AuthParameters = { REFRESH_TOKEN: RefreshToken };
    const request = { ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters };
    return callOf('InitiateAuth')(emulator, context, request as CognitoRequest);
  },

  async GlobalSignOut(emulator, context, { AccessToken = '' }) {
    const sub = emulator.verifyAccessToken(AccessToken);
    for (const options of await emulator.services.cognito.listUserPools(context)) {
      const pool = await emulator.services.cognito.getUserPool(context, options.Id);
      const user = await pool.getUserByUsername(context, sub);
      if (user !== null) await pool.saveUser(context, { ...user, RefreshTokens: [] });
    }
    return {};
  },

  async SignUp(emulator, context, request) {
    assertWritable(request);
    if (request.Username?.includes('@')) {
      throw new InvalidParameterError(
        'Username cannot be of email format, since user pool is configured for email alias.',
      );
    }
    return emulator.emulate('SignUp')(context, request);
  },

  async UpdateUserAttributes(emulator, context, request) {
    assertWritable(request);
    return emulator.emulate('UpdateUserAttributes')(context, request);
  },

  async ConfirmSignUp(emulator, context, request) {
    const { pool, user } = await findUser(emulator, context, request);
    if (user === null) throw new ExpiredCodeError();
    const namesake = await pool.getUserByUsername(context, emailOf(user) ?? '');
    if (namesake !== null && namesake.Username !== user.Username && user.UserStatus === 'UNCONFIRMED') {
      throw new CognitoError('AliasExistsException', 'An account with the given email already exists.');
    }
    const answer = await emulator.emulate('ConfirmSignUp')(context, request);
    const confirmed = (await pool.getUserByUsername(context, user.Username)) ?? user;
    const verified = { Name: 'email_verified', Value: 'true' };
    await pool.saveUser(context, { ...confirmed, Attributes: attributesAppend(confirmed.Attributes, verified) });
    return answer;
  },

  async ResendConfirmationCode(emulator, context, request) {
    const { user } = await findUser(emulator, context, request);
    if (user === null) return simulatedDelivery(request);
    if (user.UserStatus !== 'UNCONFIRMED') throw new InvalidParameterError('User is already confirmed.');
    // Also stores a new code with the account and delivers it.
    return emulator.emulate('ForgotPassword')(context, request);
  },

  async ForgotPassword(emulator, context, request) {
    const { user } = await findUser(emulator, context, request);
    return user === null ? simulatedDelivery(request) : emulator.emulate('ForgotPassword')(context, request);
  },

  async ConfirmForgotPassword(emulator, context, request) {
    const { user } = await findUser(emulator, context, request);
    // Otherwise a request without a code would match an account without one.
    if (user?.ConfirmationCode === undefined) throw new CodeMismatchError();
    return emulator.emulate('ConfirmForgotPassword')(context, request);
  },
};

/** The attributes that the page's client may write: `infra/src/data/user-pool.ts`. */
const WRITABLE = new Set(['email', 'name']);

function assertWritable({ UserAttributes = [] }: CognitoRequest): void {
  if (UserAttributes.every(({ Name }) => WRITABLE.has(Name))) return;
  throw new NotAuthorizedError('A client attempted to write unauthorized attribute');
}

function callOf(name: string): Call {
  return CALLS[name] ?? ((emulator, context, request) => emulator.emulate(name)(context, request));
}

/** Handles a call. Verifies an access token in it, which the emulator does not. */
export async function handleCall(emulator: Emulator, name: string, context: Context, request: CognitoRequest) {
  if (request.AccessToken !== undefined) emulator.verifyAccessToken(request.AccessToken);
  for (const value of [request.Username, request.AuthParameters?.USERNAME]) {
    if (value !== undefined && value.length > 128) throw new InvalidParameterError('Username is too long.');
  }
  return withMaskedAddress(await callOf(name)(emulator, context, request));
}

/** Masks the address of a code's recipient as AWS does: `a***@e***`. */
function withMaskedAddress(answer: { CodeDeliveryDetails?: { Destination?: string } }): object {
  const { CodeDeliveryDetails: details } = answer;
  if (details?.Destination === undefined) return answer;
  const Destination = details.Destination.replaceAll(/(^|@)([^@])[^@]*/gu, '$1$2***');
  return { ...answer, CodeDeliveryDetails: { ...details, Destination } };
}

async function findUser({ services }: Emulator, context: Context, { ClientId = '', Username = '' }: CognitoRequest) {
  const pool = await services.cognito.getUserPoolForClientId(context, ClientId);
  const user: User | null = await pool.getUserByUsername(context, Username);
  return { pool, user };
}

/** The user name of an attempt to sign in, whether by user name or by e-mail address. */
async function nameOfSignIn(emulator: Emulator, context: Context, request: CognitoRequest): Promise<string> {
  const { USERNAME: Username = '' } = request.AuthParameters ?? {};
  const { user } = await findUser(emulator, context, { ...request, Username });
  return user?.Username ?? Username.toLowerCase();
}

function withTokenDetails(answer: { AuthenticationResult?: object }): object {
  if (answer.AuthenticationResult === undefined) return answer;
  const details = { TokenType: 'Bearer', ExpiresIn: ACCESS_TOKEN_SECONDS };
  return { ...answer, AuthenticationResult: { ...answer.AuthenticationResult, ...details } };
}

/** Lifetime of an access token; AWS's default. */
export const ACCESS_TOKEN_SECONDS = 3_600;
