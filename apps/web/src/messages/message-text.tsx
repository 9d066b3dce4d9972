import { memo, type ReactNode } from 'react';
import { splitMessage } from './message-parts.ts';
import { useLinkFinder } from './use-link-finder.ts';

export interface MessageTextProps {
  text: string;
  /** A message of emoji alone is drawn large. */
  large?: boolean;
  /** What stands at the end of the last line. */
  children?: ReactNode;
}

/** A message's text as it was written: line breaks kept, its own direction, safe links. */
export const MessageText = memo(function MessageText({ text, large = false, children }: MessageTextProps) {
  return (
    <p dir="auto" className={large ? 'flex items-end' : 'whitespace-pre-wrap'}>
      <span className={large ? 'text-5xl leading-tight' : undefined}>{large ? text : <Parts text={text} />}</span>
      {children}
    </p>
  );
});

function Parts({ text }: { text: string }) {
  return splitMessage(text, useLinkFinder()).map((part, index) =>
    part.kind === 'text' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
      <span key={index}>{part.text}</span>
    ) : (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
        key={index}
        href={part.href}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        className="text-moss-strong underline underline-offset-2 hover:decoration-2"
      >
        {part.text}
      </a>
    ),
  );
}
