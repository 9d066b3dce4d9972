import { autoSignIn, confirmSignUp, resendSignUpCode } from 'aws-amplify/auth';
import { useRef, useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router-dom';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { authErrorWords } from './auth-error-words.ts';
import { AuthPage, LINK } from './auth-page.tsx';
import { CodeField } from './code-field.tsx';
import { authState } from './return-to.ts';
import { useSessionStore } from './session-context.tsx';
import { fieldsOf, useSubmit } from './use-submit.ts';
import { UsernameField } from './username-field.tsx';

/** Confirms an account by the code that came by email. */
export default function ConfirmPage() {
  const session = useSessionStore();
  const navigate = useNavigate();
  const state = authState(useLocation());
  const form = useRef<HTMLFormElement>(null);
  const [notice, setNotice] = useState<{ look: 'info' | 'error'; words: string } | null>(
    state.notice ? { look: 'info', words: state.notice } : null,
  );

  const { busy, error, onSubmit, clearError } = useSubmit(async (fields) => {
    setNotice(null);
    const username = fields('username').trim();
    const { nextStep } = await confirmSignUp({ username, confirmationCode: fields('code').trim() });
    if (nextStep.signUpStep === 'COMPLETE_AUTO_SIGN_IN') {
      const signedIn = await autoSignIn().catch(() => null);
      if (signedIn?.isSignedIn) return session.refresh();
    }
    await navigate('/signin', { state: { ...state, username, notice: 'Your account is confirmed. Sign in.' } });
  });

  const resend = async () => {
    clearError();
    const username = fieldsOf(new FormData(form.current ?? undefined))('username').trim();
    if (username === '') return setNotice({ look: 'error', words: 'Say whose code it is first.' });
    try {
      await session.connect();
      await resendSignUpCode({ username });
      setNotice({ look: 'info', words: 'A new code is on its way.' });
    } catch (failure) {
      setNotice({ look: 'error', words: authErrorWords(failure) });
    }
  };

  return (
    <AuthPage
      title="Confirm your account"
      footer={
        <p>
          Confirmed already?{' '}
          <Link to="/signin" state={{ from: state.from, username: state.username }} className={LINK}>
            Sign in
          </Link>
        </p>
      }
    >
      <form ref={form} onSubmit={onSubmit} className="space-y-5">
        {error ? <Notice>{error}</Notice> : notice ? <Notice look={notice.look}>{notice.words}</Notice> : null}
        <UsernameField defaultValue={state.username} />
        <CodeField />
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
