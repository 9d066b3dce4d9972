import { countCodePoints, findSearchTerms, foldText, type TextRange } from '@cruddur/config';
import { type ReactNode, useMemo } from 'react';
import { plainText } from '../markup/plain-text.ts';
import { graphemes } from '../ui/text.ts';

/** How much of a text is shown before and after what was found, in characters as people count them. */
const BEFORE = 40;
const AFTER = 80;

interface TextPart {
  text: string;
  isMarked: boolean;
}

/** The part of a text around its first range, in marked and other parts. It begins with a word, if one begins near. */
export function excerptAround(text: string, ranges: readonly TextRange[]): TextPart[] {
  let end = 0;
  const characters = [...graphemes(text)].map((character) => {
    const at = end;
    end += countCodePoints(character);
    return { character, isMarked: ranges.some((range) => range.start < end && range.end > at) };
  });
  const first = Math.max(
    0,
    characters.findIndex(({ isMarked }) => isMarked),
  );
  let from = Math.max(0, first - BEFORE);
  const word = characters.findIndex(({ character }, index) => index >= from && /^\s/u.test(character));
  if (from > 0 && word !== -1 && word < Math.min(first, from + BEFORE / 2)) from = word + 1;
  const parts: TextPart[] = [];
  const add = (text: string, isMarked: boolean) => {
    const last = parts.at(-1);
    if (last?.isMarked === isMarked) last.text += text;
    else parts.push({ text, isMarked });
  };
  if (from > 0) add('…', false);
  for (const { character, isMarked } of characters.slice(from, first + AFTER)) add(character, isMarked);
  if (first + AFTER < characters.length) add('…', false);
  return parts;
}

/**
 * A message without the marks of its markup, as the list shows it, and where in it is what was found. With them if that is among
 * them, such as the language of code.
 */
function withoutMarkup(text: string, ranges: readonly TextRange[]): { text: string; ranges: readonly TextRange[] } {
  const plain = plainText(text);
  if (plain === text) return { text, ranges };
  const points = Array.from(text);
  const found = ranges.map(({ start, end }) => foldText(points.slice(start, end).join('')));
  const inPlain = findSearchTerms(plain, found);
  return inPlain ? { text: plain, ranges: inPlain } : { text, ranges };
}

interface MarkedTextProps {
  /** A message. */
  text: string;
  ranges: readonly TextRange[];
  className?: string;
  /** Before the text, in `bdi`: the direction is that of the text. */
  children?: ReactNode;
}

/** An excerpt of a message with what was found in it. */
export function MarkedText({ text, ranges, className, children }: MarkedTextProps) {
  const parts = useMemo(() => {
    const plain = withoutMarkup(text, ranges);
    return excerptAround(plain.text, plain.ranges);
  }, [text, ranges]);
  return (
    <span dir="auto" className={className}>
      {children}
      {parts.map(({ text, isMarked }, index) => {
        const Part = isMarked ? 'mark' : 'span';
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no other name
        return <Part key={index}>{text}</Part>;
      })}
    </span>
  );
}
