import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { t } from '../i18n/t.ts';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A dialog over the page, open while it is rendered. The veil is not Radix's overlay: that adds a style sheet to lock the
 * page's scrolling, which the Content-Security-Policy forbids.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  // A dialog opened by a shortcut has no trigger for Radix to return the focus to.
  const before = useRef<Element>(null);
  // Not during rendering, when a `KeyHolder` still has the focus.
  useLayoutEffect(() => {
    before.current ??= document.activeElement;
  }, []);
  const restoreFocus = (event: Event) => {
    event.preventDefault();
    // Radix calls this a moment after the dialog is gone. What was opened from it may have the focus by now.
    const isFree = document.activeElement === document.body;
    if (isFree && before.current instanceof HTMLElement) before.current.focus();
  };
  // Radix would focus the first control, which is Close.
  const content = useRef<HTMLDivElement>(null);
  const setFocus = (event: Event) => {
    event.preventDefault();
    (content.current?.querySelector('input') ?? content.current)?.focus();
  };
  return (
    <Primitive.Root open onOpenChange={(open) => open || onClose()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-20 bg-veil" />
        <Primitive.Content
          aria-describedby={undefined}
          ref={content}
          onOpenAutoFocus={setFocus}
          onCloseAutoFocus={restoreFocus}
          className="fixed inset-x-0 top-0 z-20 mx-auto flex max-h-dvh w-full max-w-lg flex-col overflow-hidden rounded-b-3xl border-line border-b bg-surface p-5 shadow-pane outline-none sm:top-[12vh] sm:max-h-[76vh] sm:rounded-3xl sm:short:top-4 sm:short:max-h-[calc(100dvh-2rem)] sm:border sm:p-6"
        >
          <div className="mb-4 flex items-start gap-3">
            <Primitive.Title className="grow text-xl font-semibold tracking-tight">{title}</Primitive.Title>
            <Primitive.Close
              aria-label={t('app.close')}
              title={t('app.close')}
              className="-mt-1.5 -me-2 inline-flex size-11 shrink-0 items-center justify-center rounded-full text-muted transition-colors hover:bg-hover hover:text-ink"
            >
              <X size={20} aria-hidden />
            </Primitive.Close>
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
