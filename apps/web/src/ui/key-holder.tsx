import { useLayoutEffect, useRef } from 'react';

export interface KeyHolderProps {
  label: string;
  onText: (text: string) => void;
  onClose: () => void;
}

/** Receives the keys while a dialog's code is loading. Otherwise they would be typed, and sent, in the open conversation. */
export function KeyHolder({ label, onText, onClose }: KeyHolderProps) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    // The dialog comes in the same commit, and returns the focus to this element in its turn.
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <input
      ref={field}
      aria-label={label}
      className="sr-only"
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    />
  );
}
