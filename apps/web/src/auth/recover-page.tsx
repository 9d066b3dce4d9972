import { confirmResetPassword, resetPassword, signIn } from 'aws-amplify/auth';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { useSessionStore } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { withoutAt } from '../ui/text.ts';
import { AuthLink, AuthPage } from './auth-page.tsx';
import { CodeField, codeOf, NewPasswordField, UsernameField, type UsernameFieldProps } from './fields.tsx';
import { authState } from './return-to.ts';
import { useSubmit } from './use-submit.ts';

/** Resets a password: sends a code, then accepts it with a new password. */
export default function RecoverPage() {
  const state = authState(useLocation());
  const [username, setUsername] = useState(state.username ?? '');
  const [isSent, setIsSent] = useState(false);
  return (
    <AuthPage
      title="Reset your password"
      footer={
        <>
          Remember your password?{' '}
          <AuthLink to="/signin" state={{ from: state.from, username }}>
            Sign in
          </AuthLink>
        </>
      }
    >
      {isSent ? (
        <ChoosePassword username={username} />
      ) : (
        <RequestCode username={username} onType={setUsername} onSent={() => setIsSent(true)} />
      )}
    </AuthPage>
  );
}

interface RequestCodeProps extends UsernameFieldProps {
  username: string;
  onSent: () => void;
}

function RequestCode({ username, onType, onSent }: RequestCodeProps) {
  const { busy, error, onSubmit } = useSubmit(async (fields) => {
    // The browser may have filled the field without an event.
    const filled = withoutAt(fields('username'));
    onType(filled);
    await resetPassword({ username: filled });
    onSent();
  });
  return (
    <form onSubmit={onSubmit} className="space-y-5">
      {error ? <Notice>{error}</Notice> : null}
      <p className="text-muted">We’ll email you a code.</p>
      <UsernameField defaultValue={username} onType={onType} />
      <Button type="submit" busy={busy} className="w-full">
        {busy ? 'Sending…' : 'Send code'}
      </Button>
    </form>
  );
}

function ChoosePassword({ username }: { username: string }) {
  const session = useSessionStore();
  const navigate = useNavigate();
  const state = authState(useLocation());
  const [resent, setResent] = useState(false);

  const choose = useSubmit(async (fields) => {
    const newPassword = fields('password');
    await confirmResetPassword({ username, confirmationCode: codeOf(fields), newPassword });
    const options = { authFlowType: session.authFlowType };
    const signedIn = await signIn({ username, password: newPassword, options }).catch(() => null);
    if (signedIn?.isSignedIn) return session.refresh();
    await navigate('/signin', { state: { ...state, username, notice: 'Your password has been changed. Sign in.' } });
  });
  const resend = useSubmit(async () => {
    choose.clearError();
    await resetPassword({ username });
    setResent(true);
  });
  const error = choose.error ?? resend.error;

  return (
    <>
      <form onSubmit={choose.onSubmit} className="space-y-5">
        {error ? (
          <Notice>{error}</Notice>
        ) : (
          <Notice look="info">
            {resent ? 'We’ve sent a new code.' : 'If the account exists, we’ve emailed you a code.'}
          </Notice>
        )}
        {/* For password managers: the account of this password. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <CodeField error={choose.errorAt('code')} />
        <NewPasswordField label="New password" error={choose.errorAt('password')} />
        <Button type="submit" busy={choose.busy} className="w-full">
          {choose.busy ? 'Changing…' : 'Change password'}
        </Button>
      </form>
      <form onSubmit={resend.onSubmit} className="mt-3">
        <Button type="submit" look="quiet" busy={resend.busy} className="w-full">
          Send a new code
        </Button>
      </form>
    </>
  );
}
