import type { ReactNode } from 'react';
import type { Quote } from '../../cache/message-copies.ts';
import { t } from '../../i18n/t.ts';
import { plainText } from '../../markup/plain-text.ts';
import { classes } from '../../ui/classes.ts';

/** The sender and the beginning of a quoted message, or that it was deleted. */
export function QuoteText({ quote, name }: { quote: Quote; name: string }) {
  return (
    <>
      <bdi className="block truncate text-page-start text-[0.8125rem] leading-5 font-semibold text-moss-strong">
        {name}
      </bdi>
      <span
        dir="auto"
        className={classes('line-clamp-2 text-page-start text-sm leading-5 text-muted', quote.isDeleted && 'italic')}
      >
        {quote.isDeleted ? t('actions.quote.deleted') : plainText(quote.excerpt)}
      </span>
    </>
  );
}

/** The line at the side of a quote. */
export function QuoteFrame({ children }: { children: ReactNode }) {
  return <span className="block min-w-0 border-s-[3px] border-moss ps-2.5 text-start">{children}</span>;
}

interface BubbleQuoteProps {
  quote: Quote;
  name: string;
  tabIndex: number;
  onJump: (uuid: string, createdAt: string) => void;
}

/** The message that a bubble replies to. A click jumps to it. */
export function BubbleQuote({ quote, name, tabIndex, onJump }: BubbleQuoteProps) {
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      title={t('actions.quote.go')}
      onClick={() => onJump(quote.uuid, quote.createdAt)}
      className="-mx-1.5 mb-1.5 block w-[calc(100%+0.75rem)] rounded-lg bg-surface/60 px-2 py-1.5 select-none hover:bg-surface pointer-coarse:min-h-11"
    >
      <span className="sr-only">{`${t('actions.quote.inReplyTo')} `}</span>
      <QuoteFrame>
        <QuoteText quote={quote} name={name} />
      </QuoteFrame>
    </button>
  );
}
