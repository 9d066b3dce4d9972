import { autoSignIn, confirmSignUp, resendSignUpCode } from 'aws-amplify/auth';
import { useState } from 'react';
import { t } from '../i18n/t.ts';
import { useSessionStore } from '../session/session-store.ts';
import { navigate } from '../ui/page-router.tsx';
import { withoutAt } from '../ui/text.ts';
import { AuthForm, AuthPage, ResendCodeForm } from './auth-page.tsx';
import { CodeField, codeOf, UsernameField } from './fields.tsx';
import { useAuthState } from './return-to.tsx';
import { type Fields, PlainError, useCodeForms } from './use-submit.ts';

export default function ConfirmPage() {
  const state = useAuthState();
  const [username, setUsername] = useState(state.username ?? '');
  const { form, resendForm, isResent } = useConfirm(username);
  const link = { to: '/signin', state: { from: state.from, username }, children: t('auth.signIn') };
  return (
    <AuthPage title={t('auth.confirm')} footer={{ question: t('auth.confirm.question'), link }}>
      <AuthForm
        form={form}
        notice={isResent ? t('auth.code.resent') : state.notice}
        button={t('auth.confirm.button')}
        busyButton={t('auth.confirm.busy')}
      >
        <UsernameField defaultValue={username} onType={setUsername} />
        <CodeField error={form.errorAt('code')} autoFocus={state.username !== undefined} />
      </AuthForm>
      <ResendCodeForm form={resendForm} />
    </AuthPage>
  );
}

function useConfirm(typed: string) {
  const session = useSessionStore();
  const state = useAuthState();
  const submit = async (fields: Fields) => {
    const username = withoutAt(fields('username'));
    const { nextStep } = await confirmSignUp({ username, confirmationCode: codeOf(fields) });
    if (nextStep.signUpStep === 'COMPLETE_AUTO_SIGN_IN') {
      const signedIn = await autoSignIn().catch(() => null);
      if (signedIn?.isSignedIn) return session.refresh();
    }
    navigate('/signin', { state: { ...state, username, notice: t('auth.confirm.done') } });
  };
  return useCodeForms(submit, async () => {
    if (typed === '') throw new PlainError(t('auth.confirm.nameFirst'));
    await resendSignUpCode({ username: typed });
  });
}
