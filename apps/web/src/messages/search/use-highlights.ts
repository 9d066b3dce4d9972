import { type RefObject, useEffect, useEffectEvent } from 'react';
import type { FoundMessage } from '../../trpc/types.ts';
import { schedule } from '../../ui/timers.ts';
import { foundRanges } from './found-ranges.ts';

// The names in theme.css.
const FOUND = 'found';
const FOUND_NOW = 'found-now';

/** After this time a thread has come to rest at a hit, in milliseconds. */
const SETTLED_MS = 400;

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
      for (const bubble of element.querySelectorAll<HTMLElement>('[role="log"] [data-key]')) {
        const { key = '' } = bubble.dataset;
        const text = uuids.has(key) ? bubble.querySelector('[data-text]') : null;
        if (text === null) continue;
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

/** Scrolls to what was found in a message that is higher than the view, once the thread is at the message. */
export function useFoundInView(
  part: RefObject<HTMLElement | null>,
  terms: readonly string[],
  currentUuid: string | undefined,
): void {
  const scroll = useEffectEvent((uuid: string) => {
    const scroller = part.current?.parentElement?.querySelector('[role="log"]');
    const text = scroller?.querySelector(`[data-key="${CSS.escape(uuid)}"] [data-text]`);
    const [range] = text ? foundRanges(text, terms) : [];
    if (!scroller || range === undefined) return;
    const view = scroller.getBoundingClientRect();
    const { top, bottom } = range.getBoundingClientRect();
    if (top < view.top || bottom > view.bottom) scroller.scrollBy({ top: top - view.top - view.height / 2 });
  });
  useEffect(() => {
    if (currentUuid !== undefined) return schedule(() => scroll(currentUuid), SETTLED_MS);
  }, [currentUuid]);
}
