import { t } from '../../i18n/t.ts';
import { formatFull } from '../../time/format-time.ts';
import { errorWords } from '../../trpc/reason-words.ts';
import type { Message, MessageHistory } from '../../trpc/types.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { RetryNotice } from '../../ui/notice.tsx';
import { useMessageHistory } from '../use-message-history.ts';
import { messageVersions } from './message-versions.ts';

/** A message's text as it is now and before each edit, newest first. */
export function HistoryDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { data, error, refetch } = useMessageHistory(message);
  return (
    <Dialog title={t('actions.versions')} onClose={onClose}>
      <div className="-mx-1 min-h-0 overflow-y-auto px-1">
        {data ? <Versions history={data} /> : null}
        {data === undefined && error ? <RetryNotice words={errorWords(error)} onRetry={() => void refetch()} /> : null}
        {data === undefined && !error ? (
          <div role="status" aria-label={t('actions.versions.loading')} className="flex flex-col gap-3">
            <div className="skeleton h-16 w-full" />
            <div className="skeleton h-16 w-full" />
          </div>
        ) : null}
      </div>
    </Dialog>
  );
}

function Versions({ history }: { history: MessageHistory }) {
  const versions = messageVersions(history);
  if (versions.length === 0) return <p className="text-muted">{t('actions.versions.deleted')}</p>;
  return (
    <ol className="flex flex-col gap-3">
      {versions.map(({ revision, text, time, isCurrent }) => (
        <li key={revision} className="rounded-2xl border border-line bg-paper px-4 py-3">
          <p className="text-sm text-muted">
            {isCurrent ? (
              <span className="font-semibold text-moss-strong">{`${t('actions.versions.now')} · `}</span>
            ) : null}
            <time dateTime={new Date(time).toISOString()}>{formatFull(time)}</time>
          </p>
          <p dir="auto" className="mt-1 whitespace-pre-wrap">
            {text}
          </p>
        </li>
      ))}
    </ol>
  );
}
