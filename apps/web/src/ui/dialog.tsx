import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { IconButton } from './button.tsx';

export interface DialogProps {
  title: string;
  description?: string;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A dialog over the page. It is open for as long as it is drawn.
 *
 * The veil is an element of our own: Radix's overlay would add a style sheet to lock a page that does not scroll, which
 * a strict Content-Security-Policy forbids.
 */
export function Dialog({ title, description, onClose, children }: DialogProps) {
  // Opened by a key there is no trigger, to which Radix would give the focus back.
  const [before] = useState(() => document.activeElement);
  const restoreFocus = (event: Event) => {
    event.preventDefault();
    if (before instanceof HTMLElement) before.focus();
  };
  return (
    <Primitive.Root open onOpenChange={(open) => open || onClose()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-20 bg-veil" />
        <Primitive.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onCloseAutoFocus={restoreFocus}
          className="fixed inset-x-0 top-0 z-20 mx-auto flex max-h-dvh w-full max-w-lg flex-col overflow-hidden bg-surface p-5 shadow-pane outline-none sm:top-[12vh] sm:max-h-[76vh] sm:rounded-3xl sm:border sm:border-line sm:p-6"
        >
          <div className="mb-4 flex items-start gap-3">
            <div className="grow">
              <Primitive.Title className="font-serif text-2xl tracking-tight">{title}</Primitive.Title>
              {description === undefined ? null : (
                <Primitive.Description className="mt-1 text-muted">{description}</Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <IconButton label="Close" className="-mt-1.5 -mr-2">
                <X size={20} aria-hidden />
              </IconButton>
            </Primitive.Close>
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
