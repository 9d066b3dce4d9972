import { useSyncExternalStore } from 'react';
import { t } from '../i18n/t.ts';
import { createListeners } from '../ui/listeners.ts';
import { Banner } from '../ui/notice.tsx';

const { subscribe, notify } = createListeners();
let isReady = false;

/** Remembers that a newer build of the page is in the browser: the next page that starts is of it. */
export function announceUpdate(): void {
  isReady = true;
  notify();
}

/** Offers to start the newer build now. Drafts and unsent messages are stored, so reloading loses nothing. */
export function UpdateBanner() {
  const isOffered = useSyncExternalStore(subscribe, () => isReady);
  const update = (
    <button
      type="button"
      className="min-h-6 font-semibold underline underline-offset-4 hover:no-underline"
      onClick={() => window.location.reload()}
    >
      {t('worker.update')}
    </button>
  );
  return <Banner words={isOffered ? t('worker.updateReady') : null} action={update} />;
}
