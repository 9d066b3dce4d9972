import { CloudOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { contactWords } from '../trpc/reason-words.ts';
import { useContactState } from '../trpc/server-contact.ts';
import { localStore } from '../ui/local-store.ts';
import { Banner } from '../ui/notice.tsx';

/** Shown while the page does not reach the server. */
export function ConnectionBanner() {
  const contact = useContactState();
  const outcome =
    contact === 'offline'
      ? 'Messages will be sent when you reconnect.'
      : 'Retrying. Your messages will be sent when we reconnect.';
  const words = contact === 'ok' ? null : `${contactWords(contact)} ${outcome}`;
  return <Banner words={words} icon={<CloudOff size={16} aria-hidden className="shrink-0" />} />;
}

const NOT_STORED =
  'Cruddur can’t save data in this browser. Drafts and unsent messages are kept only until you close or reload this page.';

/** Shown while the browser does not store drafts and unsent messages. */
export function StorageBanner() {
  const isStored = useSyncExternalStore(localStore.onStoredChange, localStore.isStored);
  return <Banner words={isStored ? null : NOT_STORED} />;
}
