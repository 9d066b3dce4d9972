import { Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { t } from '../../i18n/t.ts';
import { Button } from '../../ui/button.tsx';
import { lazyPart } from '../../ui/lazy-part.tsx';
import { PaneMessage } from '../../ui/notice.tsx';
import type { EmojiPanelProps } from './emoji-panel.tsx';
import { useEmojiData } from './emoji-store.ts';

const EmojiPanel = lazyPart(() => import('./emoji-panel.tsx'));

/** All emoji to pick one from. Code and data are loaded when it first opens. It fills its container. */
export function EmojiPicker({ onPick }: Pick<EmojiPanelProps, 'onPick'>) {
  const { state, load } = useEmojiData(true);
  if (state.kind === 'failed') return <NotLoaded onRetry={load} />;
  if (state.kind !== 'ready') return <Loading />;
  return (
    <ErrorBoundary
      fallbackRender={({ resetErrorBoundary }) => (
        <NotLoaded onRetry={() => void EmojiPanel.preload().then(resetErrorBoundary, () => undefined)} />
      )}
    >
      <Suspense fallback={<Loading />}>
        <EmojiPanel data={state.data} onPick={onPick} />
      </Suspense>
    </ErrorBoundary>
  );
}

function NotLoaded({ onRetry }: { onRetry: () => void }) {
  return (
    <PaneMessage
      alert
      title={t('composer.emoji.failed')}
      action={<Button onClick={onRetry}>{t('composer.emoji.tryAgain')}</Button>}
    >
      {t('composer.emoji.checkConnection')}
    </PaneMessage>
  );
}

function Loading() {
  return (
    <p role="status" className="m-auto text-muted">
      {t('composer.emoji.loading')}
    </p>
  );
}
