import { type TextKey, t } from '../i18n/t.ts';

type ErrorText = Extract<TextKey, `auth.error.${string}`>;

/** Texts by the name of Cognito's error, with the form field that the error belongs to. */
const TEXTS: Record<string, [text: ErrorText, field?: string]> = {
  NotAuthorizedException: ['auth.error.incorrect'],
  UserNotFoundException: ['auth.error.incorrect'],
  UserNotConfirmedException: ['auth.error.unconfirmed'],
  PasswordResetRequiredException: ['auth.error.newPasswordNeeded'],
  CodeMismatchException: ['auth.error.code', 'code'],
  ExpiredCodeException: ['auth.error.codeExpired', 'code'],
  UsernameExistsException: ['auth.error.handleTaken', 'handle'],
  AliasExistsException: ['auth.error.emailTaken', 'email'],
  InvalidPasswordException: ['auth.error.passwordRules', 'password'],
  PasswordHistoryPolicyViolationException: ['auth.error.passwordUsed', 'password'],
  CodeDeliveryFailureException: ['auth.error.codeNotDelivered', 'email'],
  LimitExceededException: ['auth.error.tooMany'],
  TooManyRequestsException: ['auth.error.tooFast'],
  TooManyFailedAttemptsException: ['auth.error.tooManyCodes'],
  EnableSoftwareTokenMFAException: ['auth.error.authenticatorCode', 'code'],
  NetworkError: ['auth.error.network'],
};

export const authErrorWords = (error: unknown): string => t(textOf(error));

function textOf(error: unknown): ErrorText {
  if (!(error instanceof Error)) return 'auth.error.unknown';
  const { name, message } = error;
  // Cognito uses one name for several errors; only its message tells them apart.
  if (/attempts exceeded/i.test(message)) return 'auth.error.tooMany';
  if (/disabled/i.test(message)) return 'auth.error.closed';
  if (/already confirmed|current status is confirmed/i.test(message)) return 'auth.error.alreadyConfirmed';
  if (name === 'InvalidParameterException') return parameterText(message);
  return TEXTS[name]?.[0] ?? 'auth.error.unknown';
}

export function authErrorField(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name !== 'InvalidParameterException') return TEXTS[error.name]?.[1];
  return /email|password/i.exec(error.message)?.[0].toLowerCase();
}

function parameterText(message: string): ErrorText {
  if (/no registered\/verified email/i.test(message)) return 'auth.error.noEmail';
  if (/email/i.test(message)) return 'auth.error.email';
  if (/password/i.test(message)) return 'auth.error.passwordRules';
  return 'auth.error.input';
}
