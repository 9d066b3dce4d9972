import type { ReactNode } from 'react';
import { t } from '../i18n/t.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

const LOOKS = {
  error: 'bg-danger-soft text-danger',
  info: 'bg-selected text-ink',
} as const;

/** Announced when it appears. */
export function Notice({ look = 'error', children }: { look?: keyof typeof LOOKS; children: ReactNode }) {
  return (
    <div
      role={look === 'error' ? 'alert' : 'status'}
      className={classes('rounded-xl px-4 py-3 text-sm font-medium', LOOKS[look])}
    >
      {children}
    </div>
  );
}

/** What went wrong, and a button to try again. */
export function RetryNotice({ words, onRetry }: { words: string; onRetry: () => void }) {
  return (
    <Notice>
      <p>{words}</p>
      <Button look="quiet" className="mt-3" onClick={onRetry}>
        {t('app.tryAgain')}
      </Button>
    </Notice>
  );
}

interface BannerProps {
  /** `null` shows nothing. */
  words: string | null;
  icon?: ReactNode;
  action?: ReactNode;
}

/** A warning across the page, announced when it appears. */
export function Banner({ words, icon, action }: BannerProps) {
  return (
    <div role="status" className="shrink-0">
      {words === null ? null : (
        <p className="flex items-center justify-center gap-2 bg-amber-soft px-4 py-2 text-center text-sm font-medium text-amber">
          {icon}
          <span>{words}</span>
          {action}
        </p>
      )}
    </div>
  );
}

interface PaneMessageProps {
  title: string;
  /** Decorative, above the title. */
  picture?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** Announced when it appears. */
  alert?: boolean;
}

/** The content of a pane that has nothing else to show: empty, not found, failed. */
export function PaneMessage({ title, picture, children, action, alert = false }: PaneMessageProps) {
  return (
    <div
      role={alert ? 'alert' : undefined}
      className="mx-auto flex max-w-sm grow flex-col items-center justify-center gap-2 px-6 py-10 text-center"
    >
      {picture}
      <p className="text-lg font-semibold tracking-tight text-balance">{title}</p>
      {children ? <div className="text-muted text-balance">{children}</div> : null}
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  );
}
