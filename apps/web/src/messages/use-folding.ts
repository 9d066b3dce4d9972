import { type KeyboardEvent, useCallback, useState } from 'react';

/** Folds the text that has the focus. */
export function foldOnEscape(event: KeyboardEvent, unfolded: ReadonlySet<string>, onFold: (key: string) => void): void {
  if (event.key !== 'Escape' || event.defaultPrevented || !(event.target instanceof Element)) return;
  const key = event.target.closest<HTMLElement>('[data-key]')?.dataset.key;
  if (key === undefined || !unfolded.has(key)) return;
  event.preventDefault();
  onFold(key);
}

/** Which texts are unfolded, by the keys of their rows. */
export function useFolding(keepPlace: () => void) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const onFold = useCallback(
    (key: string, isLong = true) => {
      // Text that unfolds is read from its top. At the end of the thread, what is short unfolds into view.
      if (isLong) keepPlace();
      setUnfolded((before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]));
    },
    [keepPlace],
  );
  const unfold = useCallback((key: string) => setUnfolded((before) => new Set([...before, key])), []);
  return { unfolded, onFold, unfold };
}
