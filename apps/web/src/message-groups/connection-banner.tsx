import { CloudOff } from 'lucide-react';
import { useContactState } from '../trpc/contact-context.ts';
import { contactWords } from '../trpc/reason-words.ts';

/** Says that the page does not reach the server, and what happens to what is written meanwhile. */
export function ConnectionBanner() {
  const contact = useContactState();
  const outcome =
    contact === 'offline'
      ? 'Messages will be sent when you reconnect.'
      : 'Retrying. Your messages will be sent when we reconnect.';
  const words = contact === 'ok' ? null : `${contactWords(contact)} ${outcome}`;
  return (
    <div role="status" className="shrink-0">
      {words === null ? null : (
        <p className="flex items-center justify-center gap-2 bg-amber-soft px-4 py-2 text-center text-sm font-medium text-amber">
          <CloudOff size={16} aria-hidden className="shrink-0" />
          <span>{words}</span>
        </p>
      )}
    </div>
  );
}
