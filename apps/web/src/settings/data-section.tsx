import { TRPCClientError } from '@trpc/client';
import { useState } from 'react';
import { errorWords } from '../trpc/reason-words.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from './section.tsx';
import { useDataExport } from './use-data-export.ts';

/** Downloads everything that the service has about the person. */
export function DataSection() {
  const { state, start, resume, cancel, save } = useDataExport();
  const { status, progress } = state;
  const isRunning = status === 'running' || status === 'waiting';
  return (
    <Section title="Your data">
      <p className="text-muted">
        Your profile, settings, blocked people, conversations and messages in one file, as JSON Lines. What you’ve
        cleared isn’t in it.
      </p>
      {isRunning || status === 'failed' ? <Progress progress={progress} /> : null}
      <p role="status" className="text-sm font-medium empty:hidden">
        {WORDS[status]}
      </p>
      {status === 'failed' ? <Notice>{failureWords(state.error)}</Notice> : null}
      <div className="flex flex-wrap gap-3">
        {status === 'idle' || status === 'unknown' ? (
          <Button busy={status === 'unknown'} onClick={start}>
            Download my data
          </Button>
        ) : null}
        {status === 'failed' ? <Button onClick={resume}>Continue</Button> : null}
        {status === 'ready' ? <SaveButton save={save} /> : null}
        {status === 'idle' || status === 'unknown' ? null : (
          <Button look="quiet" onClick={cancel}>
            {status === 'ready' ? 'Remove from this browser' : 'Cancel'}
          </Button>
        )}
      </div>
    </Section>
  );
}

const WORDS = {
  unknown: '',
  idle: '',
  running: 'Collecting your data. If you leave this page, it continues when you come back.',
  waiting: 'Waiting for the server. The download continues on its own.',
  failed: '',
  ready: 'Your data is ready to save.',
} as const;

function failureWords(error: unknown): string {
  // Anything else comes from the browser's storage.
  if (!(error instanceof TRPCClientError)) return 'This browser couldn’t store the download. It may be out of space.';
  return `The download stopped. ${errorWords(error)} What is here is kept.`;
}

function Progress({ progress }: { progress: number }) {
  const percent = Math.floor(progress * 100);
  return (
    <div className="flex items-center gap-3">
      <progress aria-label="Download" max={100} value={percent} className="h-2 min-w-0 grow progress-bar" />
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
        Save file
      </Button>
      {isFailed ? <Notice>This browser couldn’t create the file.</Notice> : null}
    </>
  );
}
