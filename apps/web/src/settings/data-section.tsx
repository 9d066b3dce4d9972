import { TRPCClientError } from '@trpc/client';
import { useState } from 'react';
import { t } from '../i18n/t.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import type { DataExportState } from './data-export.ts';
import { Section } from './section.tsx';
import { useDataExport } from './use-data-export.ts';

/** Downloads everything that the service has about the person. */
export function DataSection() {
  const { state, start, resume, cancel, save } = useDataExport();
  const { status, progress } = state;
  const isRunning = status === 'running' || status === 'waiting';
  return (
    <Section title={t('settings.data')}>
      <p className="text-muted">{t('settings.data.hint')}</p>
      {isRunning || status === 'failed' ? <Progress progress={progress} /> : null}
      <p role="status" className="text-sm font-medium empty:hidden">
        {statusWords(status)}
      </p>
      {status === 'failed' ? <Notice>{failureWords(state.error)}</Notice> : null}
      <div className="flex flex-wrap gap-3">
        {status === 'idle' || status === 'unknown' ? (
          <Button busy={status === 'unknown'} onClick={start}>
            {t('settings.data.start')}
          </Button>
        ) : null}
        {status === 'failed' ? <Button onClick={resume}>{t('settings.data.continue')}</Button> : null}
        {status === 'ready' ? <SaveButton save={save} /> : null}
        {status === 'idle' || status === 'unknown' ? null : (
          <Button look="quiet" onClick={cancel}>
            {t(status === 'ready' ? 'settings.data.remove' : 'app.cancel')}
          </Button>
        )}
      </div>
    </Section>
  );
}

function statusWords(status: DataExportState['status']): string {
  return status === 'running' || status === 'waiting' || status === 'ready' ? t(`settings.data.${status}`) : '';
}

function failureWords(error: unknown): string {
  // Anything else comes from the browser's storage.
  if (!(error instanceof TRPCClientError)) return t('settings.data.notStored');
  return t('settings.data.stopped', { reason: errorWords(error) });
}

function Progress({ progress }: { progress: number }) {
  const percent = Math.floor(progress * 100);
  return (
    <div className="flex items-center gap-3">
      <progress
        aria-label={t('settings.data.progress')}
        max={100}
        value={percent}
        className="h-2 min-w-0 grow progress-bar"
      />
      <span aria-hidden="true" className="w-12 text-end text-sm tabular-nums">{`${percent} %`}</span>
    </div>
  );
}

/** Saving may fail where the browser has no room for the file. */
function SaveButton({ save }: { save: () => Promise<void> }) {
  const [isSaving, setSaving] = useState(false);
  const [isFailed, setFailed] = useState(false);
  const run = async () => {
    setSaving(true);
    const isSaved = await save().then(
      () => true,
      () => false,
    );
    setFailed(!isSaved);
    setSaving(false);
  };
  return (
    <>
      <Button busy={isSaving} onClick={() => void run()}>
        {t('settings.data.save')}
      </Button>
      {isFailed ? <Notice>{t('settings.data.notSaved')}</Notice> : null}
    </>
  );
}
