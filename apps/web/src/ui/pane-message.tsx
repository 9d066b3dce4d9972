import type { ReactNode } from 'react';

export interface PaneMessageProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Announced when it appears. */
  alert?: boolean;
}

/** The content of a pane that has nothing else to show: empty, not found, failed. */
export function PaneMessage({ title, children, action, alert = false }: PaneMessageProps) {
  return (
    <div
      role={alert ? 'alert' : undefined}
      className="mx-auto flex max-w-sm grow flex-col items-center justify-center gap-2 px-6 py-10 text-center"
    >
      <p className="text-lg font-semibold tracking-tight text-balance">{title}</p>
      {children ? <div className="text-muted text-pretty">{children}</div> : null}
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  );
}
