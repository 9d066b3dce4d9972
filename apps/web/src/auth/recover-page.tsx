import { confirmResetPassword, resetPassword, signIn } from 'aws-amplify/auth';
import { useState } from 'react';
import { useSessionStore } from '../session/session-store.ts';
import { navigate } from '../ui/page-router.tsx';
import { withoutAt } from '../ui/text.ts';
import { AuthForm, AuthPage, ResendCodeForm } from './auth-page.tsx';
import { CodeField, codeOf, NewPasswordField, UsernameField, type UsernameFieldProps } from './fields.tsx';
import { useAuthState } from './return-to.tsx';
import { type Fields, useCodeForms, useSubmit } from './use-submit.ts';

/** Resets a password: sends a code, then accepts it with a new password. */
export default function RecoverPage() {
  const state = useAuthState();
  const [username, setUsername] = useState(state.username ?? '');
  const [isSent, setIsSent] = useState(false);
  const link = { to: '/signin', state: { from: state.from, username }, children: 'Sign in' };
  return (
    <AuthPage title="Reset your password" footer={{ question: 'Remember your password?', link }}>
      {isSent ? (
        <ChoosePassword username={username} />
      ) : (
        <RequestCode defaultValue={username} onType={setUsername} onSent={() => setIsSent(true)} />
      )}
    </AuthPage>
  );
}

type RequestCodeProps = UsernameFieldProps & { onSent: () => void };

function RequestCode({ defaultValue, onType, onSent }: RequestCodeProps) {
  const form = useSubmit(async (fields) => {
    // The browser may have filled the field without an event.
    const filled = withoutAt(fields('username'));
    onType(filled);
    await resetPassword({ username: filled });
    onSent();
  });
  return (
    <AuthForm form={form} button="Send code" busyButton="Sending…">
      <p className="text-muted">We’ll email you a code.</p>
      <UsernameField defaultValue={defaultValue} onType={onType} />
    </AuthForm>
  );
}

function ChoosePassword({ username }: { username: string }) {
  const session = useSessionStore();
  const state = useAuthState();
  const submit = async (fields: Fields) => {
    const newPassword = fields('password');
    await confirmResetPassword({ username, confirmationCode: codeOf(fields), newPassword });
    const options = { authFlowType: session.authFlowType };
    const signedIn = await signIn({ username, password: newPassword, options }).catch(() => null);
    if (signedIn?.isSignedIn) return session.refresh();
    navigate('/signin', { state: { ...state, username, notice: 'Your password has been changed. Sign in.' } });
  };
  const { form, resendForm, isResent } = useCodeForms(submit, () => resetPassword({ username }));
  const notice = isResent ? 'We’ve sent a new code.' : 'If the account exists, we’ve emailed you a code.';
  return (
    <>
      <AuthForm form={form} notice={notice} button="Change password" busyButton="Changing…">
        {/* For password managers: the account of this password. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <CodeField error={form.errorAt('code')} />
        <NewPasswordField label="New password" error={form.errorAt('password')} />
      </AuthForm>
      <ResendCodeForm form={resendForm} />
    </>
  );
}
