import type { ReactNode } from 'react';
import { t } from '../i18n/t.ts';
import type { ThreadWindow } from './use-thread-window.ts';

/** Over the rows: that a jump is loading, or why it did not reach its target. */
export function JumpNotice({ words, window: { jumping, retry } }: { words: string | null; window: ThreadWindow }) {
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-14 z-1 flex justify-center px-4">
      {jumping === 'loading' ? <Pill>{t('thread.loading')}</Pill> : null}
      {jumping === 'waiting' ? <Pill>{t('thread.jumpOffline')}</Pill> : null}
      {jumping === 'error' ? (
        <Pill>
          {t('thread.jumpFailed')}
          <button type="button" onClick={retry} className="min-h-11 font-semibold underline underline-offset-4">
            {t('thread.tryAgain')}
          </button>
        </Pill>
      ) : null}
      {jumping === null && words !== null ? <Pill>{words}</Pill> : null}
    </div>
  );
}

function Pill({ children }: { children: ReactNode }) {
  return (
    <div className="pointer-events-auto flex min-h-9 flex-wrap items-center justify-center gap-x-3 rounded-3xl border border-line bg-surface px-4 py-1.5 text-center text-sm shadow-pane">
      {children}
    </div>
  );
}
