import { t } from '../i18n/t.ts';
import { classes } from './classes.ts';

const ROWS = ['w-2/5', 'w-1/2', 'w-1/3', 'w-3/5', 'w-2/5', 'w-1/2'];

/** The shape of conversation rows that are loading. */
export function GroupRowsSkeleton({ rows = ROWS.length }: { rows?: number }) {
  return (
    <div aria-hidden="true">
      {ROWS.slice(0, rows).map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={index} className="flex h-[4.5rem] items-center gap-3 px-4">
          <span className="skeleton size-11 shrink-0 rounded-full" />
          <span className="grow space-y-2.5">
            <span className={classes('skeleton block h-3.5', width)} />
            <span className="skeleton block h-3 w-4/5" />
          </span>
        </div>
      ))}
    </div>
  );
}

const BUBBLES = ['h-16 w-3/5', 'h-10 w-2/5 self-end', 'h-24 w-2/3', 'h-10 w-1/3', 'h-16 w-1/2 self-end', 'h-10 w-2/5'];

/** The shape of a thread that is loading. */
export function ThreadSkeleton() {
  return (
    <div role="status" aria-label={t('app.loadingMessages')} className="flex grow flex-col justify-end overflow-hidden">
      <div className="thread-column flex flex-col gap-3 px-4 pb-4">
        {BUBBLES.map((shape, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
          <span key={index} aria-hidden="true" className={classes('skeleton rounded-bubble', shape)} />
        ))}
      </div>
    </div>
  );
}

/** The shape of the page for settings that is loading. */
export function SettingsSkeleton() {
  return (
    <main aria-label={t('app.settings')} aria-busy="true" className="h-full">
      <div className="border-b border-line">
        <p className="mx-auto flex h-16 max-w-2xl items-center px-15 text-xl font-semibold tracking-tight sm:px-17">
          {t('app.settings')}
        </p>
      </div>
      <div className="mx-auto max-w-2xl px-4">
        <SectionsSkeleton />
      </div>
    </main>
  );
}

/** The shape of the settings that the server stores. */
export function SectionsSkeleton() {
  return (
    <div role="status" aria-label={t('app.settings.loading')}>
      {['first', 'second', 'third'].map((section) => (
        <div key={section} className="mt-4 space-y-3 rounded-3xl border border-line bg-surface p-5 sm:p-6">
          <span className="skeleton block h-5 w-44" />
          <span className="skeleton block h-4 w-4/5" />
          <span className="skeleton block h-4 w-3/5" />
          <span className="skeleton block h-4 w-2/3" />
        </div>
      ))}
    </div>
  );
}

/** The shape of a conversation's header that is loading. */
export function PersonSkeleton() {
  return (
    <div aria-hidden="true" className="flex items-center gap-3">
      <span className="skeleton size-9 rounded-full" />
      <span className="skeleton h-4 w-36" />
    </div>
  );
}
