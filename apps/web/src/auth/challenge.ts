import type { SignInOutput } from 'aws-amplify/auth';

/** A further step of signing in. */
export interface Challenge {
  kind: 'code' | 'new_password';
  words: string;
  username: string;
}

type Step = SignInOutput['nextStep']['signInStep'];

const CHALLENGES: Partial<Record<Step, Omit<Challenge, 'username'>>> = {
  CONFIRM_SIGN_IN_WITH_TOTP_CODE: { kind: 'code', words: 'Enter the code from your authenticator app.' },
  CONFIRM_SIGN_IN_WITH_SMS_CODE: { kind: 'code', words: 'Enter the code we sent to your phone.' },
  CONFIRM_SIGN_IN_WITH_EMAIL_CODE: { kind: 'code', words: 'Enter the code we sent to your email address.' },
  CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED: {
    kind: 'new_password',
    words: 'Choose a new password for your account.',
  },
};

/** The step that Cognito requires; `null` for one that our user pools don't have. */
export function challengeOf(step: Step): Omit<Challenge, 'username'> | null {
  return CHALLENGES[step] ?? null;
}
