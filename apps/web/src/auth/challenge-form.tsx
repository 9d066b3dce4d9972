import { confirmSignIn, type SignInOutput } from 'aws-amplify/auth';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { AuthPage } from './auth-page.tsx';
import type { Challenge } from './challenge.ts';
import { CodeField } from './code-field.tsx';
import { NewPasswordField } from './password-field.tsx';
import { useSubmit } from './use-submit.ts';

export interface ChallengeFormProps {
  challenge: Challenge;
  onAnswered: (output: SignInOutput) => Promise<void> | void;
}

/** A further step of signing in. */
export default function ChallengeForm({ challenge, onAnswered }: ChallengeFormProps) {
  const field = challenge.kind === 'code' ? 'code' : 'password';
  const { busy, error, onSubmit } = useSubmit(async (fields) => {
    await onAnswered(await confirmSignIn({ challengeResponse: fields(field).trim() }));
  });
  return (
    <AuthPage title="One more step">
      <form onSubmit={onSubmit} className="space-y-5">
        {error ? <Notice>{error}</Notice> : null}
        <p className="text-muted">{challenge.words}</p>
        {challenge.kind === 'code' ? <CodeField /> : <NewPasswordField label="New password" />}
        <Button type="submit" busy={busy} className="w-full">
          Go on
        </Button>
      </form>
    </AuthPage>
  );
}
