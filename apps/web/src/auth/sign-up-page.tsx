import { DISPLAY_NAME_MAX_CODE_POINTS, displayNameRefusal, HANDLE_PATTERN } from '@cruddur/config';
import { signUp } from 'aws-amplify/auth';
import { useSessionStore } from '../session/session-store.ts';
import { navigate } from '../ui/page-router.tsx';
import { TextField } from '../ui/text-field.tsx';
import { AuthForm, AuthPage } from './auth-page.tsx';
import { NewPasswordField } from './fields.tsx';
import { useAuthState } from './return-to.tsx';
import { useSubmit } from './use-submit.ts';

const HANDLE_RULE = '2–30 characters: letters, numbers, dots, underscores or hyphens';
const NAME_PROBLEMS = { none: '', name_blank: 'Enter your name.', name_with_at: 'A name can’t contain @.' };

export default function SignUpPage() {
  const link = { to: '/signin', state: useAuthState(), children: 'Sign in' };
  const form = useSignUp();
  return (
    <AuthPage title="Create account" footer={{ question: 'Already have an account?', link }}>
      <AuthForm form={form} button="Create account" busyButton="Creating your account…">
        <TextField
          label="Name"
          name="name"
          autoComplete="name"
          hint="Shown to other people."
          maxLength={DISPLAY_NAME_MAX_CODE_POINTS}
          problem={(name) => NAME_PROBLEMS[displayNameRefusal(name) ?? 'none']}
          required
        />
        <TextField
          label="Handle"
          name="handle"
          // Password managers file the password under this field.
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          hint={`People find you by this. ${HANDLE_RULE}.`}
          error={form.errorAt('handle')}
          problem={(handle) => (HANDLE_PATTERN.test(handle.trim()) ? '' : `Use ${HANDLE_RULE}.`)}
          required
        />
        <TextField
          label="Email"
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
    navigate('/confirm', { state: { ...state, username, notice: 'We’ve emailed you a code.' } });
  });
}
