import { CloudOff } from 'lucide-react';
import { useOnline } from '../ui/use-online.ts';

/** Says that one is offline, or that the server does not answer, and what becomes of what one writes. */
export function ConnectionBanner({ isAnswering }: { isAnswering: boolean }) {
  const isOnline = useOnline();
  const words = !isOnline
    ? 'You are offline. What you write is sent when the network is back.'
    : isAnswering
      ? null
      : 'Cruddur does not answer. We keep trying, and send what you write when it does.';
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
