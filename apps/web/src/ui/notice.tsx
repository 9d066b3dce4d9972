import type { ReactNode } from 'react';
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

export interface BannerProps {
  words: string | null;
  icon?: ReactNode;
}

/** A warning across the page, announced when it appears; `null` shows nothing. */
export function Banner({ words, icon }: BannerProps) {
  return (
    <div role="status" className="shrink-0">
      {words === null ? null : (
        <p className="flex items-center justify-center gap-2 bg-amber-soft px-4 py-2 text-center text-sm font-medium text-amber">
          {icon}
          <span>{words}</span>
        </p>
      )}
    </div>
  );
}
