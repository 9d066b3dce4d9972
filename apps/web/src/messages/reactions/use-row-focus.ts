import { type KeyboardEvent, useRef, useState } from 'react';

/** One Tab stop for a toolbar of `length` buttons, between which the arrow keys move. */
export function useRowFocus(length: number) {
  const row = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepInRow(event.key, active, length);
    if (next === null) return;
    event.preventDefault();
    row.current?.querySelectorAll('button')[next]?.focus();
  };
  return {
    row: { ref: row, onKeyDown },
    button: (index: number) => ({
      type: 'button' as const,
      tabIndex: index === active ? 0 : -1,
      onFocus: () => setActive(index),
    }),
  };
}

/** The button that a key moves to, wrapping at the ends; null for other keys. */
function stepInRow(key: string, from: number, length: number): number | null {
  if (key === 'ArrowRight') return (from + 1) % length;
  if (key === 'ArrowLeft') return (from + length - 1) % length;
  if (key === 'Home') return 0;
  return key === 'End' ? length - 1 : null;
}
