import { t } from '../../i18n/t.ts';
import { formatFull } from '../../time/format-time.ts';
import { errorWords } from '../../trpc/reason-words.ts';
import type { Message } from '../../trpc/types.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { RetryNotice } from '../../ui/notice.tsx';
import { useMessageHistory } from '../use-message-history.ts';

interface ConflictDialogProps {
  message: Message;
  /** What this person wanted to save. */
  mine: string;
  /** Called with the current message to save the text over it, or with `null` to drop the text. */
  onResolve: (current: Message | null) => void;
  onClose: () => void;
}

/** Both texts of a message that was edited in two places. Nothing is lost until the person chooses. */
export function ConflictDialog({ message, mine, onResolve, onClose }: ConflictDialogProps) {
  // The page may not have the other text yet.
  const { data, error, refetch } = useMessageHistory(message);
  const current = data?.message;
  return (
    <Dialog title={t('actions.conflict')} onClose={onClose}>
      <div className="-mx-1 flex min-h-0 flex-col gap-3 overflow-y-auto px-1">
        <p className="text-muted">{t('actions.conflict.hint')}</p>
        {error && current === undefined ? (
          <RetryNotice words={errorWords(error)} onRetry={() => void refetch()} />
        ) : (
          <Text title={t('actions.conflict.saved')} text={current?.message} time={current?.editedAt} />
        )}
        <Text title={t('actions.conflict.mine')} text={mine} />
      </div>
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button look="quiet" onClick={() => onResolve(null)}>
          {t('actions.conflict.keep')}
        </Button>
        <Button busy={current === undefined} onClick={() => current && onResolve(current)}>
          {t('actions.conflict.replace')}
        </Button>
      </div>
    </Dialog>
  );
}

function Text({ title, text, time }: { title: string; text: string | undefined; time?: string | null | undefined }) {
  return (
    <section className="rounded-2xl border border-line bg-paper px-4 py-3">
      <h3 className="text-sm font-semibold text-moss-strong">
        {title}
        {time ? <span className="font-normal text-muted">{` · ${formatFull(Date.parse(time))}`}</span> : null}
      </h3>
      {text === undefined ? (
        <div className="skeleton mt-2 h-5 w-3/4" />
      ) : (
        <p dir="auto" className="mt-1 whitespace-pre-wrap">
          {text}
        </p>
      )}
    </section>
  );
}
