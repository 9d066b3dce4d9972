import type { LinkFinder } from '@cruddur/config/message-parts';
import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, useContext, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { t } from '../i18n/t.ts';
import { type MarkupPart, parseMarkup } from '../markup/message-markup.ts';
import { classes } from '../ui/classes.ts';
import { afterPaint } from '../ui/timers.ts';
import { ReachContext } from './reach-context.ts';

/** A text higher than this is folded, in pixels: 27 lines. */
const FOLD_ABOVE = 648;

interface MessageTextProps {
  text: string;
  /** The message is only emoji. */
  large: boolean;
  isUnfolded: boolean;
  onFold: () => void;
}

/** A message's text with its line breaks and safe links, in the direction of its first letter. A long text is folded. */
export function MessageText({ text, large, isUnfolded, onFold }: MessageTextProps) {
  const { paragraph, content, isLong } = useIsLong(text);
  return (
    <>
      <p
        ref={paragraph}
        dir="auto"
        className={classes('whitespace-pre-wrap', isLong && !isUnfolded && 'max-h-108 overflow-clip')}
      >
        <span ref={content} data-text className={large ? 'text-5xl leading-tight' : undefined}>
          {large ? text : <Markup text={text} />}
        </span>
      </p>
      {isLong ? (
        <button
          type="button"
          aria-expanded={isUnfolded}
          onClick={onFold}
          className="grid min-h-11 items-center text-start font-medium text-moss-strong select-none *:[grid-area:1/1]"
        >
          {/* Both are laid out, so that the bubble keeps the width of the wider one. */}
          <FoldLabel isShown={!isUnfolded}>{t('thread.more')}</FoldLabel>
          <FoldLabel isShown={isUnfolded}>{t('thread.less')}</FoldLabel>
        </button>
      ) : null}
    </>
  );
}

/** Whether a text is long enough to be folded; measured again when its width changes. */
function useIsLong(text: string) {
  const paragraph = useRef<HTMLParagraphElement>(null);
  const content = useRef<HTMLSpanElement>(null);
  const [isLong, setIsLong] = useState(false);
  // Before the first paint, so that nothing moves.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const measure = () => {
      const height = content.current?.offsetHeight ?? 0;
      // In a hidden pane nothing has a height.
      if (height > 0) setIsLong(height > FOLD_ABOVE);
    };
    measure();
    if (paragraph.current === null) return;
    // The content is inline, and an observer reports no size of inline elements.
    const observer = new ResizeObserver(() => flushSync(measure));
    observer.observe(paragraph.current);
    return () => observer.disconnect();
  }, [text]);
  return { paragraph, content, isLong };
}

function FoldLabel({ isShown, children }: { isShown: boolean; children: string }) {
  return <span className={classes('underline underline-offset-4', !isShown && 'invisible')}>{children}</span>;
}

const LINK = 'text-moss-strong underline underline-offset-2 hover:decoration-2';
const CODE = 'rounded-sm bg-code box-decoration-clone px-1 font-mono text-[0.875em]';
// Long lines wrap, as in the whole message: a block that scrolls would be one more stop of the Tab key, and would take swipes.
const BLOCK = 'my-1 block rounded-md bg-code px-3 py-2 font-mono text-sm leading-5';

const Markup = memo(function Markup({ text }: { text: string }) {
  const { hasLinks } = useContext(ReachContext);
  const find = useLinkFinder();
  return <Parts parts={parseMarkup(text, hasLinks ? find : undefined)} />;
});

function Parts({ parts }: { parts: readonly MarkupPart[] }): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
  return parts.map((part, index) => <Part key={index} part={part} />);
}

function Part({ part }: { part: MarkupPart }): ReactNode {
  switch (part.kind) {
    case 'text':
      // A translator replaces text nodes: in a separate element, React can still remove it.
      return <span>{part.text}</span>;
    case 'bold':
      return (
        <strong>
          <Parts parts={part.parts} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Parts parts={part.parts} />
        </em>
      );
    case 'code':
      return <code className={CODE}>{part.text}</code>;
    case 'block':
      return (
        // The direction keeps punctuation in place.
        <code data-block dir="ltr" className={BLOCK}>
          {part.text}
        </code>
      );
    case 'link':
      return (
        // The direction isolates it: no character outside can make an address read as another one.
        <a dir="ltr" href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc" className={LINK}>
          <span>{part.text}</span>
          {part.host === undefined ? null : <span className="text-muted select-none">{` (${part.host})`}</span>}
        </a>
      );
  }
}

/** Finds links, once its code has loaded. It contains all top-level domains: no thread should wait for it. */
function useLinkFinder(): LinkFinder | undefined {
  return useQuery({ queryKey: ['linkify'], queryFn: loadLinkify, gcTime: Infinity }).data?.find;
}

const loadLinkify = async () => {
  await new Promise<void>((resolve) => afterPaint(resolve));
  // Not `importAgain`: other parts share this library's file, in which the build has renamed what it exports.
  return import('linkifyjs');
};
