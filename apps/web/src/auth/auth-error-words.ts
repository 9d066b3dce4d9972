/** Words by the name of Cognito's error, with the form field that the error belongs to. */
const WORDS: Record<string, [words: string, field?: string]> = {
  NotAuthorizedException: ['Incorrect handle, email or password.'],
  UserNotFoundException: ['Incorrect handle, email or password.'],
  UserNotConfirmedException: ['This account is not confirmed yet.'],
  PasswordResetRequiredException: ['This account needs a new password. Use “Forgot your password?”.'],
  CodeMismatchException: ['Incorrect code. Check it or request a new one.', 'code'],
  ExpiredCodeException: ['That code has expired. Request a new one.', 'code'],
  UsernameExistsException: ['This handle is taken. Choose another one.', 'handle'],
  AliasExistsException: ['An account with this email already exists. Sign in, or use another address.', 'email'],
  InvalidPasswordException: ['The password doesn’t follow the rules below.', 'password'],
  PasswordHistoryPolicyViolationException: ['You’ve used this password before. Choose another one.', 'password'],
  CodeDeliveryFailureException: ['The code could not be sent to this address. Check it and try again.', 'email'],
  LimitExceededException: ['Too many attempts. Wait a few minutes, then try again.'],
  TooManyRequestsException: ['Too many attempts. Wait a moment, then try again.'],
  TooManyFailedAttemptsException: ['Too many incorrect codes. Wait a few minutes, then request a new one.'],
  EnableSoftwareTokenMFAException: ['Incorrect code. Check your authenticator app.', 'code'],
  NetworkError: ['Can’t reach Cruddur. Check your connection and try again.'],
};

const FALLBACK = 'Something went wrong on our side. Try again.';

export function authErrorWords(error: unknown): string {
  if (!(error instanceof Error)) return FALLBACK;
  const { name, message } = error;
  // Cognito uses one name for several errors; only its message tells them apart.
  if (/attempts exceeded/i.test(message)) return 'Too many attempts. Wait a few minutes, then try again.';
  if (/disabled/i.test(message)) return 'This account has been closed.';
  if (/already confirmed|current status is confirmed/i.test(message))
    return 'This account is confirmed. You can sign in.';
  if (name === 'InvalidParameterException') return parameterWords(message);
  return WORDS[name]?.[0] ?? FALLBACK;
}

export function authErrorField(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name !== 'InvalidParameterException') return WORDS[error.name]?.[1];
  return /email|password/i.exec(error.message)?.[0].toLowerCase();
}

function parameterWords(message: string): string {
  if (/no registered\/verified email/i.test(message)) return 'This account has no confirmed email to send a code to.';
  if (/email/i.test(message)) return 'Enter a valid email address.';
  if (/password/i.test(message)) return WORDS.InvalidPasswordException?.[0] ?? FALLBACK;
  return 'Check what you entered and try again.';
}
