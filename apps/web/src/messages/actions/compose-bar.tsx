import { Pencil, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Quote } from '../../cache/message-copies.ts';
import { t } from '../../i18n/t.ts';
import type { Target } from '../../outbox/outbox-item.ts';
import { useMyself } from '../../session/me-context.ts';
import { useNow } from '../../ui/timers.ts';
import { QuoteFrame, QuoteText } from './quote.tsx';
import { editTimeLeft } from './time-left.ts';
import type { useDraft, useEdit } from './use-compose.ts';
import { useQuoteNow } from './use-quote-now.ts';

/** How often the time left is updated, in milliseconds. */
const TIME_LEFT_EVERY_MS = 10_000;

interface ComposeBarProps {
  target: Target;
  edit: ReturnType<typeof useEdit>;
  draft: ReturnType<typeof useDraft>;
  onClose: () => void;
}

/** Above the composer's field: what it edits or replies to. */
export default function ComposeBar({ target, edit, draft, onClose }: ComposeBarProps) {
  const me = useMyself();
  const { replyTo } = draft;
  const close = (cancel: (() => void) | undefined) => () => {
    cancel?.();
    onClose();
  };
  if (edit) return <EditBar createdAt={edit.message.createdAt} onCancel={close(edit.compose.cancel)} />;
  if (replyTo === null || 'handle' in target) return null;
  const name = replyTo.userUuid === me.uuid ? t('thread.you') : replyTo.displayName;
  const onRemove = close(draft.compose.cancel);
  return <ReplyBar group={target.messageGroupUuid} quote={replyTo} name={name} onRemove={onRemove} />;
}

interface ReplyBarProps {
  /** The group's uuid. */
  group: string;
  /** As the draft has it. */
  quote: Quote;
  name: string;
  onRemove: () => void;
}

/** Above the composer's field: the message that is replied to. */
function ReplyBar({ group, quote, name, onRemove }: ReplyBarProps) {
  return (
    <Bar label={t('composer.reply')} closeLabel={t('composer.reply.remove')} onClose={onRemove}>
      <span className="sr-only">{`${t('composer.reply.to')} `}</span>
      <QuoteFrame>
        <QuoteText quote={useQuoteNow(group, quote)} name={name} />
      </QuoteFrame>
    </Bar>
  );
}

/** Above the composer's field while it edits a message: the time left. */
function EditBar({ createdAt, onCancel }: { createdAt: string; onCancel: () => void }) {
  const left = editTimeLeft(createdAt, useNow(TIME_LEFT_EVERY_MS));
  return (
    <Bar label={t('composer.edit.bar')} closeLabel={t('composer.edit.cancel')} onClose={onCancel}>
      <span className="flex items-center gap-2 text-sm font-medium text-moss-strong">
        <Pencil size={15} aria-hidden className="shrink-0" />
        <span>
          {t('composer.editing')} <span className="font-normal text-muted">{`· ${timeLeftWords(left)}`}</span>
        </span>
      </span>
    </Bar>
  );
}

interface BarProps {
  label: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
}

function Bar({ label, closeLabel, onClose, children }: BarProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" aria-label={label} className="flex items-center gap-2 ps-4 pe-1 pt-1.5">
      <div className="min-w-0 grow">{children}</div>
      <button
        type="button"
        aria-label={closeLabel}
        title={t('composer.escape', { label: closeLabel })}
        onClick={onClose}
        className="flex size-10 shrink-0 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
      >
        <X size={18} aria-hidden />
      </button>
    </div>
  );
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The time left in words, rounded down: `23 h left`, `45 min left`. */
export function timeLeftWords(left: number): string {
  if (left <= 0) return t('composer.timeUp');
  if (left >= HOUR) return t('composer.hoursLeft', { count: Math.floor(left / HOUR) });
  if (left >= MINUTE) return t('composer.minutesLeft', { count: Math.floor(left / MINUTE) });
  return t('composer.noMinuteLeft');
}
