import { DISPLAY_NAME_MAX_CODE_POINTS, displayNameRefusal, HANDLE_PATTERN } from '@cruddur/config';
import { signUp } from 'aws-amplify/auth';
import { t } from '../i18n/t.ts';
import { useSessionStore } from '../session/session-store.ts';
import { navigate } from '../ui/page-router.tsx';
import { TextField } from '../ui/text-field.tsx';
import { AuthForm, AuthPage } from './auth-page.tsx';
import { NewPasswordField } from './fields.tsx';
import { useAuthState } from './return-to.tsx';
import { useSubmit } from './use-submit.ts';

function nameProblem(name: string): string {
  const refusal = displayNameRefusal(name);
  return refusal === null ? '' : t(`auth.name.${refusal}`);
}

export default function SignUpPage() {
  const link = { to: '/signin', state: useAuthState(), children: t('auth.signIn') };
  const form = useSignUp();
  return (
    <AuthPage title={t('auth.signUp')} footer={{ question: t('auth.signUp.question'), link }}>
      <AuthForm form={form} button={t('auth.signUp')} busyButton={t('auth.signUp.busy')}>
        <TextField
          label={t('auth.name')}
          name="name"
          autoComplete="name"
          hint={t('auth.name.hint')}
          maxLength={DISPLAY_NAME_MAX_CODE_POINTS}
          problem={nameProblem}
          required
        />
        <TextField
          label={t('auth.handle')}
          name="handle"
          // Password managers file the password under this field.
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          hint={t('auth.handle.hint')}
          error={form.errorAt('handle')}
          problem={(handle) => (HANDLE_PATTERN.test(handle.trim()) ? '' : t('auth.handle.problem'))}
          required
        />
        <TextField
          label={t('auth.email')}
          name="email"
          type="email"
          autoComplete="email"
          error={form.errorAt('email')}
          required
        />
        <NewPasswordField error={form.errorAt('password')} />
      </AuthForm>
    </AuthPage>
  );
}

function useSignUp() {
  const { authFlowType } = useSessionStore();
  const state = useAuthState();
  return useSubmit(async (fields) => {
    const username = fields('handle').trim();
    const userAttributes = { name: fields('name').trim(), email: fields('email').trim() };
    const options = { userAttributes, autoSignIn: { authFlowType } };
    await signUp({ username, password: fields('password'), options });
    navigate('/confirm', { state: { ...state, username, notice: t('auth.code.sent') } });
  });
}
