import { confirmSignIn, type SignInOutput } from 'aws-amplify/auth';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { AuthPage } from './auth-page.tsx';
import type { Challenge } from './challenge.ts';
import { CodeField, codeOf, NewPasswordField } from './fields.tsx';
import { useSubmit } from './use-submit.ts';

export interface ChallengeFormProps {
  challenge: Challenge;
  onAnswered: (output: SignInOutput) => Promise<void> | void;
}

export default function ChallengeForm({ challenge, onAnswered }: ChallengeFormProps) {
  const { busy, error, errorAt, onSubmit } = useSubmit(async (fields) => {
    const challengeResponse = challenge.kind === 'code' ? codeOf(fields) : fields('password').trim();
    await onAnswered(await confirmSignIn({ challengeResponse }));
  });
  return (
    <AuthPage title="One more step">
      <form onSubmit={onSubmit} className="space-y-5">
        {error ? <Notice>{error}</Notice> : null}
        <p className="text-muted">{challenge.words}</p>
        {challenge.kind === 'code' ? (
          <CodeField error={errorAt('code')} />
        ) : (
          <NewPasswordField label="New password" error={errorAt('password')} />
        )}
        <Button type="submit" busy={busy} className="w-full">
          Continue
        </Button>
      </form>
    </AuthPage>
  );
}
