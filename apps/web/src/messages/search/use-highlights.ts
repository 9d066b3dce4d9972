import { type RefObject, useEffect } from 'react';
import type { FoundMessage } from '../../trpc/types.ts';
import { foundRanges } from './found-ranges.ts';

// The names in theme.css.
const FOUND = 'found';
const FOUND_NOW = 'found-now';

/**
 * Highlights what was found in the messages that are drawn, without changing them: links, joined letters and emoji stay whole.
 * Browsers without custom highlights only mark the message.
 *
 * @param part - of the page, with the thread
 * @param terms - of `parseSearchQuery`
 */
export function useHighlights(
  part: RefObject<HTMLElement | null>,
  hits: readonly FoundMessage[],
  terms: readonly string[],
  currentUuid: string | undefined,
): void {
  useEffect(() => {
    const element = part.current?.parentElement;
    if (!element || !('highlights' in CSS)) return;
    const uuids = new Set(hits.map(({ message }) => message.uuid));
    const draw = () => {
      const now = new Highlight();
      const others = new Highlight();
      now.priority = 1;
      for (const [key, text] of drawnTexts(element)) {
        if (!uuids.has(key)) continue;
        for (const range of foundRanges(text, terms)) (key === currentUuid ? now : others).add(range);
      }
      CSS.highlights.set(FOUND, others);
      CSS.highlights.set(FOUND_NOW, now);
    };
    draw();
    // Rows are drawn as they come into view.
    let frame: number | undefined;
    const observer = new MutationObserver(() => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        draw();
      });
    });
    observer.observe(element, { subtree: true, childList: true, characterData: true });
    return () => {
      observer.disconnect();
      if (frame !== undefined) cancelAnimationFrame(frame);
      CSS.highlights.delete(FOUND);
      CSS.highlights.delete(FOUND_NOW);
    };
  }, [part, hits, terms, currentUuid]);
}

/** Where the first of what was found in a message is drawn. */
export function placeOfFound(
  part: RefObject<HTMLElement | null>,
  uuid: string,
  terms: readonly string[],
): DOMRect | undefined {
  const text = new Map(drawnTexts(part.current?.parentElement)).get(uuid);
  return text && foundRanges(text, terms)[0]?.getBoundingClientRect();
}

/** The texts of the messages that are drawn. */
function drawnTexts(element: Element | null | undefined): [uuid: string, text: Element][] {
  const texts = element?.querySelectorAll<HTMLElement>('[role="log"] [data-key] [data-text]') ?? [];
  return [...texts].map((text) => [text.closest<HTMLElement>('[data-key]')?.dataset.key ?? '', text]);
}
