import type { SignInOutput } from 'aws-amplify/auth';
import { useEffect, useState } from 'react';
import { t } from '../i18n/t.ts';
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
const ChallengeForm = lazyPart(() => import('./challenge-form.tsx'), 'auth');

const loadSignIn = () => loadCode(() => import('./sign-in.ts'));

/** The steps that our user pools may require. */
const CHALLENGES: Partial<Record<SignInOutput['nextStep']['signInStep'], Challenge>> = {
  CONFIRM_SIGN_IN_WITH_TOTP_CODE: { kind: 'code', words: 'auth.challenge.app' },
  CONFIRM_SIGN_IN_WITH_SMS_CODE: { kind: 'code', words: 'auth.challenge.sms' },
  CONFIRM_SIGN_IN_WITH_EMAIL_CODE: { kind: 'code', words: 'auth.challenge.email' },
  CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED: {
    kind: 'new_password',
    words: 'auth.challenge.password',
  },
};

export default function SignInPage({ onSubmitting }: { onSubmitting: () => void }) {
  const state = useAuthState();
  const [username, setUsername] = useState(state.username ?? '');
  const carried = { from: state.from, username };
  const { challenge, form } = useSignIn(onSubmitting);
  if (challenge) return <ChallengeForm {...challenge} />;
  const link = { to: '/signup', state: carried, children: t('auth.signUp') };
  return (
    <AuthPage title={t('auth.signIn')} footer={{ question: t('auth.signIn.question'), link }}>
      <AuthForm form={form} notice={state.notice} button={t('auth.signIn')} busyButton={t('auth.signIn.busy')}>
        <UsernameField defaultValue={username} onType={setUsername} />
        <TextField
          label={t('auth.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
      </AuthForm>
      <p className="mt-5 text-center">
        <AuthLink to="/recover" state={carried}>
          {t('auth.signIn.forgotten')}
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
      return navigate('/confirm', { state: { ...state, username, notice: t('auth.signIn.unconfirmed') } });
    if (signInStep === 'RESET_PASSWORD') return navigate('/recover', { state: { ...state, username } });
    const next = CHALLENGES[signInStep];
    if (!next) throw new PlainError(t('auth.signIn.unsupported'));
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
