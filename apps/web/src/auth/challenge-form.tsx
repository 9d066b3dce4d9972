import { confirmSignIn, type SignInOutput } from 'aws-amplify/auth';
import { type TextKey, t } from '../i18n/t.ts';
import { AuthForm, AuthPage } from './auth-page.tsx';
import { CodeField, codeOf, NewPasswordField } from './fields.tsx';
import { useSubmit } from './use-submit.ts';

export interface Challenge {
  kind: 'code' | 'new_password';
  words: Extract<TextKey, `auth.challenge.${string}`>;
}

export interface ChallengeFormProps extends Challenge {
  onAnswered: (output: SignInOutput) => Promise<void> | void;
}

export default function ChallengeForm({ kind, words, onAnswered }: ChallengeFormProps) {
  const form = useSubmit(async (fields) => {
    const challengeResponse = kind === 'code' ? codeOf(fields) : fields('password').trim();
    await onAnswered(await confirmSignIn({ challengeResponse }));
  });
  return (
    <AuthPage title={t('auth.challenge')}>
      <AuthForm form={form} button={t('auth.challenge.continue')}>
        <p className="text-muted">{t(words)}</p>
        {kind === 'code' ? (
          <CodeField error={form.errorAt('code')} />
        ) : (
          <NewPasswordField label={t('auth.password.new')} error={form.errorAt('password')} />
        )}
      </AuthForm>
    </AuthPage>
  );
}
