/** Cognito's errors by name, as plain words for the person at the form. */
const WORDS: Record<string, string> = {
  NotAuthorizedException: 'The handle, email or password is wrong.',
  UserNotFoundException: 'The handle, email or password is wrong.',
  UserNotConfirmedException: 'This account is not confirmed yet.',
  PasswordResetRequiredException: 'This account needs a new password. Use “Forgot your password?”.',
  CodeMismatchException: 'That is not the code we sent. Look again, or ask for a new one.',
  ExpiredCodeException: 'That code has expired. Ask for a new one.',
  UsernameExistsException: 'This handle is taken. Choose another one.',
  AliasExistsException: 'There is an account with this email already. Sign in, or use another address.',
  InvalidPasswordException: 'The password does not follow the rules below its field.',
  PasswordHistoryPolicyViolationException: 'You have used this password before. Choose another one.',
  CodeDeliveryFailureException: 'The code could not be sent to this address. Check it and try again.',
  LimitExceededException: 'Too many tries. Wait some minutes, then try again.',
  TooManyRequestsException: 'Too many tries. Wait a moment, then try again.',
  TooManyFailedAttemptsException: 'Too many wrong codes. Wait some minutes, then ask for a new one.',
  EnableSoftwareTokenMFAException: 'That code is wrong. Look again at your authenticator.',
  NetworkError: 'Cruddur cannot be reached. Check your connection and try again.',
};

const FALLBACK = 'Something went wrong on our side. Try again.';

/** Says in plain words why an auth call failed. */
export function authErrorWords(error: unknown): string {
  if (!(error instanceof Error)) return FALLBACK;
  const { name, message } = error;
  // One name of Cognito's for several things: only its sentence tells them apart.
  if (/attempts exceeded/i.test(message)) return 'Too many tries. Wait some minutes, then try again.';
  if (/disabled/i.test(message)) return 'This account has been closed.';
  if (/already confirmed|current status is confirmed/i.test(message))
    return 'This account is confirmed. You can sign in.';
  if (name === 'InvalidParameterException') return parameterWords(message);
  return WORDS[name] ?? FALLBACK;
}

function parameterWords(message: string): string {
  if (/no registered\/verified email/i.test(message)) return 'This account has no confirmed email to send a code to.';
  if (/email/i.test(message)) return 'That is not an email address we can use.';
  if (/password/i.test(message)) return WORDS.InvalidPasswordException ?? FALLBACK;
  return 'Something in the form does not fit. Check it and try again.';
}
