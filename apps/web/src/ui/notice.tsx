import type { ReactNode } from 'react';
import { classes } from './classes.ts';

const LOOKS = {
  error: 'bg-danger-soft text-danger',
  info: 'bg-selected text-ink',
} as const;

/** A message about what just happened; it is announced when it appears. */
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
