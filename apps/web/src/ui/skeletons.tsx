import { ArrowLeft } from 'lucide-react';
import { t } from '../i18n/t.ts';
import { classes } from './classes.ts';
import { LogoMark } from './logo.tsx';

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
    <div role="status" aria-label={t('app.loadingMessages')} className="flex grow flex-col overflow-hidden">
      <BubblesSkeleton />
    </div>
  );
}

function BubblesSkeleton() {
  return (
    <div aria-hidden="true" className="thread-column flex grow flex-col justify-end gap-3 overflow-hidden px-4 pb-4">
      {BUBBLES.map((shape, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <span key={index} className={classes('skeleton shrink-0 rounded-bubble', shape)} />
      ))}
    </div>
  );
}

/** The shape of the page for messages. The build puts it into the HTML, where it has no language: it has no text but the name. */
export function MessagesSkeleton({ isOpen }: { isOpen: boolean }) {
  return (
    <div aria-hidden="true" className="flex h-full">
      <div
        className={classes('w-full border-line md:block md:w-88 2xl:w-104 md:border-e', isOpen ? 'hidden' : 'block')}
      >
        <div className="flex h-16 items-center gap-2.5 px-4">
          <LogoMark size={30} />
          <p className="text-lg font-semibold tracking-tight">Cruddur</p>
        </div>
        <div className="mx-4 mb-3 h-11 rounded-full border border-line" />
        <div className="flex gap-1.5 px-4 pb-2">
          {['w-12', 'w-18', 'w-22'].map((width) => (
            <span key={width} className={classes('skeleton h-9 rounded-full pointer-coarse:h-11', width)} />
          ))}
        </div>
        <GroupRowsSkeleton />
      </div>
      <div className={classes('grow flex-col bg-surface md:flex', isOpen ? 'flex' : 'hidden')}>
        {isOpen ? (
          <>
            <div className="shrink-0 border-b border-line">
              <div className="thread-column flex h-16 items-center gap-1 px-2">
                <span className="flex size-11 shrink-0 items-center justify-center text-muted md:hidden">
                  <ArrowLeft size={22} className="rtl:-scale-x-100" />
                </span>
                <PersonSkeleton />
              </div>
            </div>
            <BubblesSkeleton />
            <div className="thread-column shrink-0 px-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
              <div className="h-12.5 rounded-3xl border border-line bg-paper" />
            </div>
          </>
        ) : null}
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
    <div aria-hidden="true" className="flex items-center gap-3 px-2">
      <span className="skeleton size-9 rounded-full" />
      <span className="skeleton h-4 w-36" />
    </div>
  );
}
