import { confirmSignIn, type SignInOutput } from 'aws-amplify/auth';
import { AuthForm, AuthPage } from './auth-page.tsx';
import { CodeField, codeOf, NewPasswordField } from './fields.tsx';
import { useSubmit } from './use-submit.ts';

export interface Challenge {
  kind: 'code' | 'new_password';
  words: string;
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
    <AuthPage title="One more step">
      <AuthForm form={form} button="Continue">
        <p className="text-muted">{words}</p>
        {kind === 'code' ? (
          <CodeField error={form.errorAt('code')} />
        ) : (
          <NewPasswordField label="New password" error={form.errorAt('password')} />
        )}
      </AuthForm>
    </AuthPage>
  );
}
