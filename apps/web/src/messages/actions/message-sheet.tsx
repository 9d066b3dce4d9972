import { Dialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { classes } from '../../ui/classes.ts';
import { ACTION_LABELS } from './action-labels.ts';
import type { MessageAction } from './allowed-actions.ts';

interface MessageSheetProps {
  actions: readonly MessageAction[];
  /** The beginning of the message. */
  excerpt: string;
  /** Quick reactions, if the message can have any. */
  reactions: ReactNode;
  onAction: (action: MessageAction) => void;
  onClose: () => void;
}

/** What can be done with one message, at the bottom of a touch screen. The veil is not Radix's overlay, as in `Dialog`. */
export function MessageSheet({ actions, excerpt, reactions, onAction, onClose }: MessageSheetProps) {
  const content = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <div className="fixed inset-0 z-20 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          ref={content}
          // Radix would focus the first reaction, which would look chosen.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            content.current?.focus();
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="fixed inset-x-0 bottom-0 z-20 mx-auto flex max-h-[85dvh] w-full max-w-lg flex-col overflow-y-auto overscroll-contain rounded-t-3xl border-line border-t bg-surface px-3 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] shadow-pane outline-none select-none sheet-in"
        >
          <Dialog.Title className="sr-only">Message actions</Dialog.Title>
          <p aria-hidden dir="auto" className="mb-2 line-clamp-2 px-3 text-sm text-muted">
            {excerpt}
          </p>
          {reactions}
          <ul className="mt-1">
            {actions.map((action) => (
              <SheetItem key={action} action={action} onClick={() => onAction(action)} />
            ))}
          </ul>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SheetItem({ action, onClick }: { action: MessageAction; onClick: () => void }) {
  const { label, Icon } = ACTION_LABELS[action];
  return (
    <li>
      <button
        type="button"
        onClick={onClick}
        className={classes(
          'flex min-h-13 w-full items-center gap-4 rounded-2xl px-3 text-start hover:bg-hover active:bg-hover',
          action === 'delete' && 'text-danger',
        )}
      >
        <Icon size={20} aria-hidden className="shrink-0" />
        {label}
      </button>
    </li>
  );
}
