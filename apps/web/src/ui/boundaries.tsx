import type { ReactNode } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { Button } from './button.tsx';
import { PaneMessage } from './pane-message.tsx';

/** The last resort: a part of the program that did not load, since the network failed or a new version is out. */
export function AppBoundary({ children }: { children: ReactNode }) {
  return (
    <ErrorBoundary
      fallbackRender={() => (
        <main className="flex min-h-full flex-col">
          <PaneMessage
            alert
            title="Couldn’t load Cruddur."
            action={<Button onClick={() => window.location.reload()}>Reload</Button>}
          >
            Check your connection and reload the page. Your drafts and unsent messages are kept.
          </PaneMessage>
        </main>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}

export interface PaneBoundaryProps {
  /** What failed, to name it: `this conversation`. */
  name: string;
  /** Another address is another try. */
  resetKey: string;
  children: ReactNode;
}

/** Keeps an error of one pane from taking the others along. */
export function PaneBoundary({ name, resetKey, children }: PaneBoundaryProps) {
  return (
    <ErrorBoundary
      resetKeys={[resetKey]}
      fallbackRender={({ resetErrorBoundary }) => (
        <PaneMessage
          alert
          title={`Couldn’t show ${name}.`}
          action={<Button onClick={resetErrorBoundary}>Try again</Button>}
        >
          Something went wrong. Your drafts and unsent messages are kept.
        </PaneMessage>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}
