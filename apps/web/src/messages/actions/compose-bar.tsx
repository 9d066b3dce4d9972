import { Pencil, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Quote } from '../../cache/message-copies.ts';
import { useNow } from '../../ui/timers.ts';
import { QuoteFrame, QuoteText } from './quote.tsx';
import { editTimeLeft, timeLeftWords } from './time-left.ts';
import { useQuoteNow } from './use-quote-now.ts';

/** How often the time left is updated, in milliseconds. */
const TIME_LEFT_EVERY_MS = 10_000;

interface ReplyBarProps {
  /** The group's uuid. */
  group: string;
  /** As the draft has it. */
  quote: Quote;
  name: string;
  onRemove: () => void;
}

/** Above the composer's field: the message that is replied to. */
export function ReplyBar({ group, quote, name, onRemove }: ReplyBarProps) {
  return (
    <Bar label="Reply" closeLabel="Remove the quote" onClose={onRemove}>
      <span className="sr-only">Replying to </span>
      <QuoteFrame>
        <QuoteText quote={useQuoteNow(group, quote)} name={name} />
      </QuoteFrame>
    </Bar>
  );
}

/** Above the composer's field while it edits a message: the time left. */
export function EditBar({ createdAt, onCancel }: { createdAt: string; onCancel: () => void }) {
  const left = editTimeLeft(createdAt, useNow(TIME_LEFT_EVERY_MS));
  return (
    <Bar label="Edit" closeLabel="Cancel editing" onClose={onCancel}>
      <span className="flex items-center gap-2 text-sm font-medium text-moss-strong">
        <Pencil size={15} aria-hidden className="shrink-0" />
        <span>
          Editing <span className="font-normal text-muted">{`· ${timeLeftWords(left)}`}</span>
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
        title={`${closeLabel} (Esc)`}
        onClick={onClose}
        className="flex size-10 shrink-0 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
      >
        <X size={18} aria-hidden />
      </button>
    </div>
  );
}
