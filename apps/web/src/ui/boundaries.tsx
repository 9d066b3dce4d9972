import type { ReactNode } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { t } from '../i18n/t.ts';
import { Button } from './button.tsx';
import { PaneMessage } from './notice.tsx';

/** For code that did not load, because the network failed or a new version was deployed. */
export function AppBoundary({ children }: { children: ReactNode }) {
  return (
    <ErrorBoundary
      fallbackRender={() => (
        <main className="flex min-h-full flex-col">
          <PaneMessage
            alert
            title={t('app.notLoaded')}
            action={<Button onClick={() => window.location.reload()}>{t('app.reload')}</Button>}
          >
            {t('app.notLoaded.hint')}
          </PaneMessage>
        </main>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}

interface PaneBoundaryProps {
  /** What is shown instead: `Couldn’t show this conversation.` */
  title: string;
  /** A change renders the pane again. */
  resetKey: string;
  children: ReactNode;
}

/** Limits an error to one pane. */
export function PaneBoundary({ title, resetKey, children }: PaneBoundaryProps) {
  return (
    <ErrorBoundary
      resetKeys={[resetKey]}
      fallbackRender={({ resetErrorBoundary }) => (
        <PaneMessage alert title={title} action={<Button onClick={resetErrorBoundary}>{t('app.tryAgain')}</Button>}>
          {t('app.broken')}
        </PaneMessage>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}
