import type { SignInOutput } from 'aws-amplify/auth';
import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { useSessionStore } from '../session/session-context.ts';
import { loadCode } from '../session/session-store.ts';
import { Button } from '../ui/button.tsx';
import { lazyPart } from '../ui/lazy-part.tsx';
import { Notice } from '../ui/notice.tsx';
import { withoutAt } from '../ui/text.ts';
import { TextField } from '../ui/text-field.tsx';
import { AuthLink, AuthPage } from './auth-page.tsx';
import { type Challenge, challengeOf } from './challenge.ts';
import { UsernameField } from './fields.tsx';
import { type AuthState, authState } from './return-to.ts';
import { PlainError, useSubmit } from './use-submit.ts';

// Few accounts have a second step.
const ChallengeForm = lazyPart(() => import('./challenge-form.tsx'));

const loadSignIn = () => loadCode(() => import('./sign-in.ts'));

/** @param onSubmitting - called when the form is submitted */
export default function SignInPage({ onSubmitting }: { onSubmitting: () => void }) {
  const state = authState(useLocation());
  const [username, setUsername] = useState(state.username ?? '');
  const carried: AuthState = { from: state.from, username };
  const { challenge, onAnswered, busy, error, onSubmit } = useSignIn(onSubmitting);

  if (challenge) return <ChallengeForm challenge={challenge} onAnswered={onAnswered} />;
  return (
    <AuthPage
      title="Sign in"
      footer={
        <>
          New here?{' '}
          <AuthLink to="/signup" state={carried}>
            Create account
          </AuthLink>
        </>
      }
    >
      <form onSubmit={onSubmit} className="space-y-5">
        {error ? <Notice>{error}</Notice> : state.notice ? <Notice look="info">{state.notice}</Notice> : null}
        <UsernameField defaultValue={username} onType={setUsername} />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
        <Button type="submit" busy={busy} className="w-full">
          {busy ? 'Signing in…' : 'Sign in'}
        </Button>
        <p className="text-center">
          <AuthLink to="/recover" state={carried}>
            Forgot your password?
          </AuthLink>
        </p>
      </form>
    </AuthPage>
  );
}

/** Signs in. `challenge` is a further step, if Cognito requires one. */
function useSignIn(onSubmitting: () => void) {
  const session = useSessionStore();
  const navigate = useNavigate();
  const state = authState(useLocation());
  const [challenge, setChallenge] = useState<Challenge | null>(null);

  // Ignore: submitting loads it again.
  useEffect(() => void loadSignIn().catch(() => undefined), []);

  const followStep = async ({ nextStep }: SignInOutput, username: string) => {
    if (nextStep.signInStep === 'DONE') return session.refresh();
    if (nextStep.signInStep === 'CONFIRM_SIGN_UP') return navigate('/confirm', { state: { ...state, username } });
    if (nextStep.signInStep === 'RESET_PASSWORD') return navigate('/recover', { state: { ...state, username } });
    const next = challengeOf(nextStep.signInStep);
    if (next === null) throw new PlainError('Cruddur doesn’t support this account’s way of signing in.');
    setChallenge({ ...next, username });
  };
  const form = useSubmit(async (fields) => {
    onSubmitting();
    const username = withoutAt(fields('username'));
    const options = { authFlowType: session.authFlowType };
    const { signIn } = await loadSignIn();
    await followStep(await signIn({ username, password: fields('password'), options }), username);
  });
  const onAnswered = (output: SignInOutput) => followStep(output, challenge?.username ?? '');
  return { ...form, challenge, onAnswered };
}
