import { createContext, useCallback, useContext, useMemo, useState } from 'react';

export interface Toast {
  /** A further toast with the same id replaces the first. */
  id: string;
  words: string;
}

type ToastsValue = ReturnType<typeof useToastsState>;

export const ToastsContext = createContext<ToastsValue | null>(null);

/** The page's toasts, oldest first. */
export function useToastsState() {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const dismiss = useCallback((id: string) => setToasts((before) => before.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (toast: Toast) => setToasts((before) => [...before.filter(({ id }) => id !== toast.id), toast]),
    [],
  );
  return useMemo(() => ({ toasts, show, dismiss }), [toasts, show, dismiss]);
}

export function useToasts(): ToastsValue {
  const value = useContext(ToastsContext);
  if (value === null) throw new Error('Toasts are used outside ToastsProvider');
  return value;
}
