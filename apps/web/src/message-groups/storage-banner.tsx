import { useSyncExternalStore } from 'react';
import { Banner } from '../ui/banner.tsx';
import { localStore } from '../ui/local-store.ts';

const WORDS =
  'Cruddur can’t save data in this browser. Drafts and unsent messages are kept only until you close or reload this page.';

/** Says that the browser does not store what is written. */
export function StorageBanner() {
  const isStored = useSyncExternalStore(localStore.onStoredChange, localStore.isStored);
  return <Banner words={isStored ? null : WORDS} />;
}
