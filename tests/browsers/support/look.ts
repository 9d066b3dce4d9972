import type * as TestingLibrary from '@testing-library/dom';
import type { PagePoint } from './driver.ts';

declare global {
  // Testing Library, once the document has it.
  var TestingLibraryDom: typeof TestingLibrary;
}

/** What to look for: a role and an accessible name, the label of a field, or a text. */
export type Target = { role: string; name?: string } | { label: string } | { text: string };

/** What is found in the page. */
export interface Found {
  count: number;
  /** The middle of the visible part, if there is exactly one, and some of it is in view and has not moved for a frame. */
  point: PagePoint | null;
  /** Whether a click at the point reaches it, and nothing that covers it. */
  isOnTop: boolean;
}

/** Finds what is within each of the targets in turn. It runs in the page, so it uses nothing of this file. */
export async function look(targets: Target[]): Promise<Found> {
  const { queryAllByLabelText, queryAllByRole, queryAllByText } = globalThis.TestingLibraryDom;
  let found = [document.body];
  for (const target of targets) {
    found = found.flatMap((element) => {
      if ('text' in target) return queryAllByText(element, target.text);
      if ('label' in target) return queryAllByLabelText(element, target.label);
      return queryAllByRole(element, target.role, target.name === undefined ? {} : { name: target.name });
    });
  }
  const [element] = found;
  if (element === undefined || found.length > 1) return { count: found.length, point: null, isOnTop: false };
  // Without what scrolling elements around it hide.
  const visiblePart = () =>
    new Promise<DOMRectReadOnly | undefined>((resolve) => {
      const observer = new IntersectionObserver(([entry]) => {
        observer.disconnect();
        resolve(entry?.isIntersecting ? entry.intersectionRect : undefined);
      });
      observer.observe(element);
    });
  const before = await visiblePart();
  const now = await visiblePart();
  if (!before || !now || before.x !== now.x || before.y !== now.y) return { count: 1, point: null, isOnTop: false };
  const point = { x: Math.round(now.x + now.width / 2), y: Math.round(now.y + now.height / 2) };
  return { count: 1, point, isOnTop: element.contains(document.elementFromPoint(point.x, point.y)) };
}
