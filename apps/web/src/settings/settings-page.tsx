import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { t } from '../i18n/t.ts';
import { errorWords, suspendedWords } from '../trpc/reason-words.ts';
import { Notice, RetryNotice } from '../ui/notice.tsx';
import { useTitle } from '../ui/page-title.ts';
import { SectionsSkeleton } from '../ui/skeletons.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { BlockedSection } from './blocked-section.tsx';
import { DataSection } from './data-section.tsx';
import { DeviceSection } from './device-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { ReachSection } from './reach-section.tsx';
import { SessionSection } from './session-section.tsx';
import { useSettings } from './use-settings.ts';

/**
 * What a person can set, see and download about themselves.
 *
 * @param banner - above it, always in view
 */
export default function SettingsPage({ banner }: { banner?: ReactNode }) {
  useTitle(t('app.settings'));
  const heading = useRef<HTMLHeadingElement>(null);
  // The menu that led here is gone.
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="h-full overflow-y-auto">
      <header className="sticky top-0 z-10 border-b border-line bg-paper">
        {banner}
        <div className="mx-auto flex h-16 max-w-2xl items-center gap-2 px-2 sm:px-4">
          <Link
            to="/messages"
            aria-label={t('app.backToMessages')}
            title={t('app.backToMessages')}
            className="flex size-11 shrink-0 items-center justify-center rounded-full hover:bg-hover"
          >
            <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
          </Link>
          <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
            {t('app.settings')}
          </h1>
        </div>
      </header>
      <main aria-label={t('app.settings')} className="mx-auto max-w-2xl px-4 pb-16">
        <AccountSettings />
        <BlockedSection />
        <DeviceSection />
        <DevicesSection />
        <DataSection />
        <SessionSection />
      </main>
      <div className="sticky bottom-0">
        <Toasts onFocusLost={() => heading.current?.focus()} />
      </div>
    </div>
  );
}

/** What the server stores. */
function AccountSettings() {
  const { data: settings, error, refetch } = useSettings();
  if (settings === undefined) {
    if (!error) return <SectionsSkeleton />;
    const words = t('settings.loadFailed', { reason: errorWords(error) });
    return (
      <div className="py-6">
        <RetryNotice words={words} onRetry={() => void refetch()} />
      </div>
    );
  }
  return (
    <>
      {settings.isSuspended ? (
        <div className="pt-6">
          <Notice>{suspendedWords()}</Notice>
        </div>
      ) : null}
      <ReachSection settings={settings} />
    </>
  );
}
