import { type RefObject, useEffect, useRef } from 'react';

/** Calls back whenever an element comes near the view of its scrolling parent. */
export function useInView<T extends Element>(onInView: () => void, enabled: boolean): RefObject<T | null> {
  const ref = useRef<T>(null);
  const latest = useRef(onInView);
  useEffect(() => {
    latest.current = onInView;
  });
  useEffect(() => {
    const element = ref.current;
    if (!enabled || element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { rootMargin: '400px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [enabled]);
  return ref;
}
