import { t } from '../i18n/t.ts';
import { Button } from '../ui/button.tsx';
import { fillIn } from '../ui/fill-in.tsx';
import type { Loader } from './use-thread-window.ts';

/** Height of what is above the oldest row, in pixels: fixed, so that loading moves nothing. */
export const TOP_HEIGHT = 88;

export function ThreadTop({ name, older }: { name: string; older: Loader }) {
  return (
    <div style={{ height: TOP_HEIGHT }} className="flex shrink-0 flex-col items-center justify-center px-4 text-center">
      {older.hasMore ? (
        <LoadingMore loader={older} of="older" />
      ) : (
        <p className="text-sm text-muted">{fillIn((place) => t('thread.start', { name: place }), <bdi>{name}</bdi>)}</p>
      )}
    </div>
  );
}

/** Below a part of the thread that does not reach the newest message. */
export function ThreadBottom({ newer }: { newer: Loader }) {
  return (
    <div style={{ height: TOP_HEIGHT }} className="flex shrink-0 items-center justify-center px-4 text-center">
      <LoadingMore loader={newer} of="newer" />
    </div>
  );
}

function LoadingMore({ loader, of }: { loader: Loader; of: 'older' | 'newer' }) {
  const isOlder = of === 'older';
  if (!loader.isError) {
    const label = t(isOlder ? 'thread.loadingOlder' : 'thread.loadingNewer');
    return <span role="status" aria-label={label} className="skeleton block h-10 w-56 rounded-bubble" />;
  }
  return (
    <div className="flex items-center gap-3 text-sm text-muted">
      <p role="alert">{t(isOlder ? 'thread.olderFailed' : 'thread.newerFailed')}</p>
      <Button look="quiet" onClick={() => void loader.load()}>
        {t('thread.tryAgain')}
      </Button>
    </div>
  );
}
