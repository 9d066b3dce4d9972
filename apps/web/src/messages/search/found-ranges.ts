import { findSearchTerms } from '@cruddur/config';

/** A code point of a drawn text. */
interface Point {
  node: Text;
  /** In UTF-16 code units. */
  start: number;
  end: number;
}

/**
 * Where terms are in a message as it is drawn: without its markup, so that they are searched again.
 *
 * @param element - with the message's text
 * @param terms - of `parseSearchQuery`
 */
export function foundRanges(element: Element, terms: readonly string[]): Range[] {
  const { text, points } = drawnText(element);
  // Without its markup, one may be missing.
  const found = findSearchTerms(text, terms) ?? terms.flatMap((term) => findSearchTerms(text, [term]) ?? []);
  return found.flatMap(({ start, end }) => {
    const [first, last] = [points[start], points[end - 1]];
    if (!first || !last) return [];
    const range = document.createRange();
    range.setStart(first.node, first.start);
    range.setEnd(last.node, last.end);
    return [range];
  });
}

/** A text as it is drawn, and for each of its code points where it is; none for the ends of code blocks. */
function drawnText(element: Element): { text: string; points: (Point | undefined)[] } {
  const points: (Point | undefined)[] = [];
  let text = '';
  let block: Element | null | undefined;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode() as Text | null; node !== null; node = walker.nextNode() as Text | null) {
    const parent = node.parentElement;
    // The host that is shown after a link is not part of the message.
    if (parent?.closest('.select-none')) continue;
    const inBlock = parent?.closest('[data-block]') ?? null;
    if (block !== undefined && inBlock !== block) {
      text += '\n';
      points.push(undefined);
    }
    block = inBlock;
    let start = 0;
    for (const character of node.data) {
      points.push({ node, start, end: start + character.length });
      start += character.length;
    }
    text += node.data;
  }
  return { text, points };
}
