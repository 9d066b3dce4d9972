import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { classes } from '../ui/classes.ts';
import { type LinkFinder, splitMessage } from './message-parts.ts';

/** A text higher than this is folded, in pixels: 27 lines. */
const FOLD_ABOVE = 648;

interface MessageTextProps {
  text: string;
  /** The message is only emoji. */
  large: boolean;
  /** Drawn at the end of the last line. */
  time: ReactNode;
  isUnfolded: boolean;
  onFold: () => void;
}

/** A message's text with its line breaks and safe links, in the direction of its first letter. A long text is folded. */
export function MessageText({ text, large, time, isUnfolded, onFold }: MessageTextProps) {
  const { paragraph, content, isLong } = useIsLong(text);
  return (
    <>
      <p
        ref={paragraph}
        dir="auto"
        className={classes(
          'whitespace-pre-wrap',
          large ? 'flex items-end' : 'flow-root',
          isLong && !isUnfolded && 'max-h-108 overflow-clip',
        )}
      >
        <span ref={content} data-text className={large ? 'text-5xl leading-tight' : undefined}>
          {large ? text : <Parts text={text} />}
        </span>
        {isLong ? null : time}
      </p>
      {isLong ? (
        <div className="flex items-baseline justify-between select-none">
          <button
            type="button"
            aria-expanded={isUnfolded}
            onClick={onFold}
            className="grid min-h-11 items-center text-start font-medium text-moss-strong *:[grid-area:1/1]"
          >
            {/* Both are laid out, so that the bubble keeps the width of the wider one. */}
            <FoldLabel isShown={!isUnfolded}>Show more</FoldLabel>
            <FoldLabel isShown={isUnfolded}>Show less</FoldLabel>
          </button>
          {time}
        </div>
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

const Parts = memo(function Parts({ text }: { text: string }) {
  return splitMessage(text, useLinkFinder()).map((part, index) =>
    part.kind === 'text' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
      <span key={index}>{part.text}</span>
    ) : (
      // The direction isolates it: no character outside can make an address read as another one.
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
      <a key={index} dir="ltr" href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc" className={LINK}>
        <span>{part.text}</span>
        {part.host === undefined ? null : <span className="text-muted select-none">{` (${part.host})`}</span>}
      </a>
    ),
  );
});

/** Finds links, once its code has loaded. It contains all top-level domains: no thread should wait for it. */
function useLinkFinder(): LinkFinder | undefined {
  return useQuery({ queryKey: ['linkify'], queryFn: () => import('linkifyjs'), gcTime: Infinity }).data?.find;
}
