import { confirmResetPassword, resetPassword, signIn } from 'aws-amplify/auth';
import { useState } from 'react';
import { t } from '../i18n/t.ts';
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
  const link = { to: '/signin', state: { from: state.from, username }, children: t('auth.signIn') };
  return (
    <AuthPage title={t('auth.recover')} footer={{ question: t('auth.recover.question'), link }}>
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
    <AuthForm form={form} button={t('auth.recover.send')} busyButton={t('auth.recover.sending')}>
      <p className="text-muted">{t('auth.recover.hint')}</p>
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
    navigate('/signin', { state: { ...state, username, notice: t('auth.recover.done') } });
  };
  const { form, resendForm, isResent } = useCodeForms(submit, () => resetPassword({ username }));
  const notice = isResent ? t('auth.code.resent') : t('auth.recover.sent');
  return (
    <>
      <AuthForm form={form} notice={notice} button={t('auth.recover.change')} busyButton={t('auth.recover.changing')}>
        {/* For password managers: the account of this password. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <CodeField error={form.errorAt('code')} />
        <NewPasswordField label={t('auth.password.new')} error={form.errorAt('password')} />
      </AuthForm>
      <ResendCodeForm form={resendForm} />
    </>
  );
}
