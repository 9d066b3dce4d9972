import type { ReactNode } from 'react';

export interface BannerProps {
  /** Nothing is shown without words. */
  words: string | null;
  icon?: ReactNode;
}

/** A warning across the page, announced when it appears. */
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
