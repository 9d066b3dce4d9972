import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { useSignOutEverywhere, useUnsentWords } from '../users/use-sign-out.ts';
import { Section } from './section.tsx';

/** Ends the person's sessions on all devices. */
export function SessionSection() {
  const signOutEverywhere = useSignOutEverywhere();
  const unsent = useUnsentWords();
  const [step, setStep] = useState<'asking' | 'running' | 'failed' | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const confirm = () => {
    setStep('running');
    signOutEverywhere().catch((error: unknown) => {
      console.warn('The sessions were not ended.', error);
      setStep('failed');
    });
  };
  // The dialog holds the focus while it is open.
  const wasAsking = useRef(false);
  useEffect(() => {
    if (wasAsking.current && step !== 'asking') button.current?.focus();
    wasAsking.current = step === 'asking';
  }, [step]);
  return (
    <Section title="Sessions">
      <p className="text-muted">
        If you’ve lost a device, or signed in on one that others use, sign out on all of them.
      </p>
      {step === 'failed' ? (
        <Notice>You’re still signed in: we couldn’t reach the sign-in service. Try again.</Notice>
      ) : null}
      <Button ref={button} look="quiet" busy={step === 'running'} onClick={() => setStep('asking')}>
        Sign out everywhere
      </Button>
      {step === 'asking' ? (
        <ConfirmDialog
          title="Sign out everywhere?"
          description={`You’re signed out here at once, and on other devices within an hour. ${
            unsent === '' ? 'Drafts' : `You have ${unsent}: these and drafts`
          } in this browser are deleted.`}
          action="Sign out everywhere"
          isDanger
          onConfirm={confirm}
          onClose={() => setStep(null)}
        />
      ) : null}
    </Section>
  );
}
