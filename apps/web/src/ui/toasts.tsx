import { X } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { t } from '../i18n/t.ts';
import { classes } from './classes.ts';
import { schedule } from './timers.ts';
import { type Toast, ToastsContext, useToasts, useToastsState } from './use-toasts.ts';

/** How long a toast is shown, in milliseconds. */
const TOAST_MS = 5_000;

/** Holds the toasts of the whole page, so that none is lost with the pane that it comes from. */
export function ToastsProvider({ children }: { children: ReactNode }) {
  return <ToastsContext value={useToastsState()}>{children}</ToastsContext>;
}

interface ToastsProps {
  /** On a narrow page they are below the header, where they hide no new message. */
  isAtTopOfPhone?: boolean;
  /** Called when a toast that has the focus disappears. */
  onFocusLost: () => void;
  /** Above the toasts. */
  children?: ReactNode;
}

/**
 * Draws the page's toasts at the bottom of what is above: one part of the page at a time. They move nothing and take no focus, and
 * are politely announced.
 */
export function Toasts({ isAtTopOfPhone = false, onFocusLost, children }: ToastsProps) {
  const { toasts, dismiss } = useToasts();
  return (
    <div className={classes('thread-column relative z-10 shrink-0', isAtTopOfPhone && 'max-md:order-first')}>
      <div
        role="status"
        // A further toast does not repeat the first.
        aria-atomic={false}
        className={classes(
          'pointer-events-none absolute inset-x-3 bottom-1 flex flex-col items-center gap-2 sm:items-start',
          isAtTopOfPhone && 'max-md:top-17 max-md:bottom-auto',
        )}
      >
        {children}
        {toasts.map((toast) => (
          <TimedToast key={toast.id} toast={toast} onClose={dismiss} onFocusLost={onFocusLost} />
        ))}
      </div>
    </div>
  );
}

interface TimedToastProps {
  toast: Toast;
  onClose: (id: string) => void;
  onFocusLost: () => void;
}

function TimedToast({ toast, onClose, onFocusLost }: TimedToastProps) {
  useEffect(() => schedule(() => onClose(toast.id), TOAST_MS), [toast, onClose]);
  return <ToastBox words={toast.words} onClose={() => onClose(toast.id)} onFocusLost={onFocusLost} />;
}

export interface ToastBoxProps {
  words: string;
  onUndo?: () => void;
  onClose: () => void;
  onFocusLost: () => void;
}

export function ToastBox({ words, onUndo, onClose, onFocusLost }: ToastBoxProps) {
  const element = useRef<HTMLDivElement>(null);
  const latestFocusLost = useRef(onFocusLost);
  useLayoutEffect(() => {
    latestFocusLost.current = onFocusLost;
  }, [onFocusLost]);
  // Before it is removed from the page, which would drop the focus.
  useLayoutEffect(() => {
    const box = element.current;
    return () => {
      if (box?.contains(document.activeElement)) latestFocusLost.current();
    };
  }, []);
  return (
    <div
      ref={element}
      className="pointer-events-auto flex min-h-11 max-w-full items-center gap-1 rounded-2xl border border-ink bg-ink py-1 ps-4 pe-1 text-sm font-medium text-surface shadow-pane"
    >
      <span className="min-w-0 py-1.5">{words}</span>
      {onUndo ? (
        <button
          type="button"
          onClick={onUndo}
          className="min-h-9 shrink-0 rounded-xl px-3 font-semibold underline underline-offset-4 hover:no-underline pointer-coarse:min-h-11"
        >
          {t('app.undo')}
        </button>
      ) : null}
      <button
        type="button"
        aria-label={t('app.dismiss')}
        title={t('app.dismiss')}
        onClick={onClose}
        className="flex size-9 shrink-0 items-center justify-center rounded-xl pointer-coarse:size-11"
      >
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}
