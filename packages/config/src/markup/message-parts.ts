import { type CodePart, splitCode } from './message-code.ts';
import { type LinkFinder, type LinkPart, splitLinks } from './message-links.ts';

export { charAfter, charBefore, isWord, opens, WORD } from './word-edges.ts';
export type { LinkFinder, LinkPart };

/** A part of a message without markup in it. */
export type MessagePart = CodePart | LinkPart;

/** Splits a message into text, code and links. Code contains no links. Until `find` has been loaded, nothing is a link. */
export function splitMessage(message: string, find: LinkFinder | undefined): MessagePart[] {
  return splitCode(message).flatMap<MessagePart>((part) =>
    part.kind === 'text' ? splitLinks(part.text, find) : [part],
  );
}
