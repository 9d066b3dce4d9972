import { DISPLAY_NAME_MAX_CODE_POINTS, displayNameRefusal, HANDLE_PATTERN } from '@cruddur/config';
import { signUp } from 'aws-amplify/auth';
import { useLocation, useNavigate } from 'react-router-dom';
import { useSessionStore } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextField } from '../ui/text-field.tsx';
import { AuthLink, AuthPage } from './auth-page.tsx';
import { NewPasswordField } from './fields.tsx';
import { authState } from './return-to.ts';
import { useSubmit } from './use-submit.ts';

const HANDLE_RULE = '2–30 characters: letters, numbers, dots, underscores or hyphens';
const NAME_PROBLEMS = {
  name_blank: 'Enter your name.',
  name_with_at: 'A name can’t contain @.',
};

/** Creates an account, which a code by email confirms. */
export default function SignUpPage() {
  const state = authState(useLocation());
  return (
    <AuthPage
      title="Create account"
      footer={
        <>
          Already have an account?{' '}
          <AuthLink to="/signin" state={state}>
            Sign in
          </AuthLink>
        </>
      }
    >
      <SignUpForm />
    </AuthPage>
  );
}

function SignUpForm() {
  const { busy, error, errorAt, onSubmit } = useSignUp();
  return (
    <form onSubmit={onSubmit} className="space-y-5">
      {error ? <Notice>{error}</Notice> : null}
      <TextField
        label="Name"
        name="name"
        autoComplete="name"
        hint="Shown to other people."
        maxLength={DISPLAY_NAME_MAX_CODE_POINTS}
        problem={nameProblem}
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
        error={errorAt('handle')}
        problem={(handle) => (HANDLE_PATTERN.test(handle.trim()) ? '' : `Use ${HANDLE_RULE}.`)}
        required
      />
      <TextField label="Email" name="email" type="email" autoComplete="email" error={errorAt('email')} required />
      <NewPasswordField error={errorAt('password')} />
      <Button type="submit" busy={busy} className="w-full">
        {busy ? 'Creating your account…' : 'Create account'}
      </Button>
    </form>
  );
}

function useSignUp() {
  const { authFlowType } = useSessionStore();
  const navigate = useNavigate();
  const state = authState(useLocation());
  return useSubmit(async (fields) => {
    const username = fields('handle').trim();
    const userAttributes = { name: fields('name').trim(), email: fields('email').trim() };
    const options = { userAttributes, autoSignIn: { authFlowType } };
    await signUp({ username, password: fields('password'), options });
    await navigate('/confirm', { state: { ...state, username, notice: 'We’ve emailed you a code.' } });
  });
}

function nameProblem(name: string): string {
  const refusal = displayNameRefusal(name);
  return refusal === null ? '' : NAME_PROBLEMS[refusal];
}
