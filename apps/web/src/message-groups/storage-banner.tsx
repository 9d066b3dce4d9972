import { useSyncExternalStore } from 'react';
import { localStore } from '../ui/local-store.ts';

/** Says that the browser does not store what is written. */
export function StorageBanner() {
  const isStored = useSyncExternalStore(localStore.onStoredChange, localStore.isStored);
  return (
    <div role="status" className="shrink-0">
      {isStored ? null : (
        <p className="bg-amber-soft px-4 py-2 text-center text-sm font-medium text-amber">
          This browser cannot store data for Cruddur. What you write is kept only until you close or reload this page.
        </p>
      )}
    </div>
  );
}
