import { useEffect, useRef, useState } from 'react';
import { t } from '../i18n/t.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { useSignOutEverywhere } from '../users/use-sign-out.ts';
import { useUnsentWords } from '../users/use-unsent-words.ts';
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
    <Section title={t('settings.sessions')}>
      <p className="text-muted">{t('settings.sessions.hint')}</p>
      {step === 'failed' ? <Notice>{t('settings.sessions.failed')}</Notice> : null}
      <Button ref={button} look="quiet" busy={step === 'running'} onClick={() => setStep('asking')}>
        {t('settings.sessions.end')}
      </Button>
      {step === 'asking' ? (
        <ConfirmDialog
          title={t('settings.sessions.end.title')}
          description={unsent === '' ? t('settings.sessions.end.hint') : t('settings.sessions.end.unsent', { unsent })}
          action={t('settings.sessions.end')}
          isDanger
          onConfirm={confirm}
          onClose={() => setStep(null)}
        />
      ) : null}
    </Section>
  );
}
