import { Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { t } from '../../i18n/t.ts';
import { lazyPart } from '../../ui/lazy-part.tsx';
import type { EmojiPopoverProps } from './emoji-popover-content.tsx';

const Content = lazyPart(() => import('./emoji-popover-content.tsx'));

/** The emoji picker next to its anchor, open while it is rendered. Its code is loaded when it first opens. */
export function EmojiPopover(props: EmojiPopoverProps) {
  return (
    <ErrorBoundary
      fallbackRender={({ resetErrorBoundary }) => (
        <Unloaded
          words={t('composer.emoji.failed')}
          onRetry={() => void Content.preload().then(resetErrorBoundary, () => undefined)}
          onClose={props.onClose}
        />
      )}
    >
      <Suspense fallback={<Unloaded words={t('composer.emoji.loading')} onClose={props.onClose} />}>
        <Content {...props} />
      </Suspense>
    </ErrorBoundary>
  );
}

interface UnloadedProps {
  words: string;
  onRetry?: () => void;
  onClose: () => void;
}

function Unloaded({ words, onRetry, onClose }: UnloadedProps) {
  return (
    <div
      role={onRetry ? 'alert' : 'status'}
      className="fixed inset-x-4 bottom-24 z-20 mx-auto flex w-fit flex-wrap items-center justify-center gap-x-4 rounded-2xl border border-line bg-surface px-5 py-1 text-sm shadow-pane"
    >
      <span>{words}</span>
      {onRetry ? (
        <button type="button" className={LINK} onClick={onRetry}>
          {t('composer.emoji.tryAgain')}
        </button>
      ) : null}
      <button type="button" className={LINK} onClick={onClose}>
        {t('composer.emoji.close')}
      </button>
    </div>
  );
}

const LINK = 'min-h-11 font-semibold underline underline-offset-4';
