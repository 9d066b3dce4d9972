import { autoSignIn, confirmSignUp, resendSignUpCode } from 'aws-amplify/auth';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { useSessionStore } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { withoutAt } from '../ui/text.ts';
import { authErrorWords } from './auth-error-words.ts';
import { AuthLink, AuthPage } from './auth-page.tsx';
import { CodeField, codeOf, UsernameField } from './fields.tsx';
import { authState } from './return-to.ts';
import { useSubmit } from './use-submit.ts';

/** Confirms an account with the code from the email. */
export default function ConfirmPage() {
  const state = authState(useLocation());
  const [username, setUsername] = useState(state.username ?? '');
  const { notice, busy, errorAt, onSubmit, resend } = useConfirm(username);
  return (
    <AuthPage
      title="Confirm your account"
      footer={
        <>
          Already confirmed?{' '}
          <AuthLink to="/signin" state={{ from: state.from, username }}>
            Sign in
          </AuthLink>
        </>
      }
    >
      <form onSubmit={onSubmit} className="space-y-5">
        {notice ? <Notice look={notice.look}>{notice.words}</Notice> : null}
        <UsernameField defaultValue={username} onType={setUsername} />
        <CodeField error={errorAt('code')} autoFocus={state.username !== undefined} />
        <Button type="submit" busy={busy} className="w-full">
          {busy ? 'Confirming…' : 'Confirm'}
        </Button>
        <Button look="quiet" className="w-full" onClick={resend}>
          Send a new code
        </Button>
      </form>
    </AuthPage>
  );
}

type NoticeWords = { look: 'info' | 'error'; words: string };

function useConfirm(username: string) {
  const session = useSessionStore();
  const navigate = useNavigate();
  const state = authState(useLocation());
  const [notice, setNotice] = useState<NoticeWords | null>(state.notice ? { look: 'info', words: state.notice } : null);
  const { error, clearError, ...form } = useSubmit(async (fields) => {
    setNotice(null);
    const username = withoutAt(fields('username'));
    const { nextStep } = await confirmSignUp({ username, confirmationCode: codeOf(fields) });
    if (nextStep.signUpStep === 'COMPLETE_AUTO_SIGN_IN') {
      const signedIn = await autoSignIn().catch(() => null);
      if (signedIn?.isSignedIn) return session.refresh();
    }
    await navigate('/signin', { state: { ...state, username, notice: 'Your account is confirmed. Sign in.' } });
  });
  const resend = async () => {
    clearError();
    if (username === '') return setNotice({ look: 'error', words: 'Enter your handle or email first.' });
    try {
      await session.connect();
      await resendSignUpCode({ username });
      setNotice({ look: 'info', words: 'We’ve sent a new code.' });
    } catch (failure) {
      setNotice({ look: 'error', words: authErrorWords(failure) });
    }
  };
  const shown: NoticeWords | null = error ? { look: 'error', words: error } : notice;
  return { ...form, notice: shown, resend };
}
