import type { SignInOutput } from 'aws-amplify/auth';
import { useEffect, useState } from 'react';
import { loadCode, useSessionStore } from '../session/session-store.ts';
import { lazyPart } from '../ui/lazy-part.tsx';
import { navigate } from '../ui/page-router.tsx';
import { withoutAt } from '../ui/text.ts';
import { TextField } from '../ui/text-field.tsx';
import { AuthForm, AuthLink, AuthPage } from './auth-page.tsx';
import type { Challenge, ChallengeFormProps } from './challenge-form.tsx';
import { UsernameField } from './fields.tsx';
import { useAuthState } from './return-to.tsx';
import { PlainError, useSubmit } from './use-submit.ts';

// Few accounts have a second step.
const ChallengeForm = lazyPart(() => import('./challenge-form.tsx'));

const loadSignIn = () => loadCode(() => import('./sign-in.ts'));

/** The steps that our user pools may require. */
const CHALLENGES: Partial<Record<SignInOutput['nextStep']['signInStep'], Challenge>> = {
  CONFIRM_SIGN_IN_WITH_TOTP_CODE: { kind: 'code', words: 'Enter the code from your authenticator app.' },
  CONFIRM_SIGN_IN_WITH_SMS_CODE: { kind: 'code', words: 'Enter the code we sent to your phone.' },
  CONFIRM_SIGN_IN_WITH_EMAIL_CODE: { kind: 'code', words: 'Enter the code we sent to your email address.' },
  CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED: {
    kind: 'new_password',
    words: 'Choose a new password for your account.',
  },
};

const UNCONFIRMED = 'This account is not confirmed yet. Enter the code we emailed you.';

export default function SignInPage({ onSubmitting }: { onSubmitting: () => void }) {
  const state = useAuthState();
  const [username, setUsername] = useState(state.username ?? '');
  const carried = { from: state.from, username };
  const { challenge, form } = useSignIn(onSubmitting);
  if (challenge) return <ChallengeForm {...challenge} />;
  const link = { to: '/signup', state: carried, children: 'Create account' };
  return (
    <AuthPage title="Sign in" footer={{ question: 'New here?', link }}>
      <AuthForm form={form} notice={state.notice} button="Sign in" busyButton="Signing in…">
        <UsernameField defaultValue={username} onType={setUsername} />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      </AuthForm>
      <p className="mt-5 text-center">
        <AuthLink to="/recover" state={carried}>
          Forgot your password?
        </AuthLink>
      </p>
    </AuthPage>
  );
}

function useSignIn(onSubmitting: () => void) {
  const session = useSessionStore();
  const state = useAuthState();
  const [challenge, setChallenge] = useState<ChallengeFormProps | null>(null);

  // Ignore: submitting loads it again.
  useEffect(() => void loadSignIn().catch(() => undefined), []);

  const followStep = async ({ nextStep: { signInStep } }: SignInOutput, username: string) => {
    if (signInStep === 'DONE') return session.refresh();
    if (signInStep === 'CONFIRM_SIGN_UP')
      return navigate('/confirm', { state: { ...state, username, notice: UNCONFIRMED } });
    if (signInStep === 'RESET_PASSWORD') return navigate('/recover', { state: { ...state, username } });
    const next = CHALLENGES[signInStep];
    if (!next) throw new PlainError('Cruddur doesn’t support this account’s way of signing in.');
    setChallenge({ ...next, onAnswered: (output) => followStep(output, username) });
  };
  const form = useSubmit(async (fields) => {
    onSubmitting();
    const username = withoutAt(fields('username'));
    const options = { authFlowType: session.authFlowType };
    const { signIn } = await loadSignIn();
    await followStep(await signIn({ username, password: fields('password'), options }), username);
  });
  return { form, challenge };
}
