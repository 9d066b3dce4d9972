import { Dialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { classes } from './classes.ts';

interface SheetProps {
  className: string;
  onClose: () => void;
  /** One of them is a `Dialog.Title`. */
  children: ReactNode;
}

/** A dialog at the bottom of the screen. The caller moves the focus when it closes. The veil is not Radix's overlay, as in `Dialog`. */
export function Sheet({ className, onClose, children }: SheetProps) {
  const content = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <div className="fixed inset-0 z-20 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          ref={content}
          // Radix would focus the first control, which would look chosen.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            content.current?.focus();
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className={classes(
            'fixed inset-x-0 bottom-0 z-20 flex max-h-[85dvh] flex-col overflow-y-auto overscroll-contain rounded-t-3xl border-line border-t bg-surface px-3 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] shadow-pane outline-none sheet-in',
            className,
          )}
        >
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
