import { CloudOff } from 'lucide-react';
import { useContactState } from '../trpc/contact-context.ts';
import { contactWords } from '../trpc/reason-words.ts';
import { Banner } from '../ui/banner.tsx';

/** Says that the page does not reach the server, and what happens to what is written meanwhile. */
export function ConnectionBanner() {
  const contact = useContactState();
  const outcome =
    contact === 'offline'
      ? 'Messages will be sent when you reconnect.'
      : 'Retrying. Your messages will be sent when we reconnect.';
  const words = contact === 'ok' ? null : `${contactWords(contact)} ${outcome}`;
  return <Banner words={words} icon={<CloudOff size={16} aria-hidden className="shrink-0" />} />;
}
