import { type RefObject, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';

/** Calls back whenever an element comes near the view of its scrolling parent. */
export function useInView<T extends Element>(onInView: () => void, enabled: boolean): RefObject<T | null> {
  const ref = useRef<T>(null);
  const onLatest = useEffectEvent(onInView);
  useEffect(() => {
    const element = ref.current;
    if (!enabled || element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onLatest();
      },
      { rootMargin: '400px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [enabled]);
  return ref;
}

/** The `ref` of an observed element, which `data-view-key` identifies. */
export type ObserveElement = (element: HTMLElement | null) => (() => void) | undefined;

/**
 * Watches which elements are visible: not scrolled out, not in a hidden pane.
 *
 * @param onChange - called with the keys of the elements in view when they change, and when the callback itself does
 */
export function useElementsInView(onChange: (inView: ReadonlySet<string>) => void): ObserveElement {
  const [inView] = useState(() => new Set<string>());
  const latest = useRef(onChange);
  const observer = useRef<IntersectionObserver>(undefined);
  useEffect(() => {
    latest.current = onChange;
    onChange(inView);
  }, [onChange, inView]);
  return useCallback(
    (element) => {
      if (element === null) return;
      observer.current ??= new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) inView.add(keyOf(target));
          else inView.delete(keyOf(target));
        }
        latest.current(inView);
      });
      observer.current.observe(element);
      return () => {
        observer.current?.unobserve(element);
        inView.delete(keyOf(element));
      };
    },
    [inView],
  );
}

const keyOf = (element: Element) => (element as HTMLElement).dataset.viewKey ?? '';
