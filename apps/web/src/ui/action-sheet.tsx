import { Dialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import type { ActionItem } from './action-menu.tsx';
import { classes } from './classes.ts';

export interface ActionSheetProps<Action extends string> {
  label: string;
  items: readonly ActionItem<Action>[];
  /** What it is about, for those who see it. */
  about: string;
  /** Above the items. */
  children?: ReactNode;
  onAction: (action: Action) => void;
  onClose: () => void;
}

/** What can be done with something, at the bottom of a touch screen. The veil is not Radix's overlay, as in `Dialog`. */
export function ActionSheet<Action extends string>(props: ActionSheetProps<Action>) {
  const { label, items, about, children, onAction, onClose } = props;
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
          className="fixed inset-x-0 bottom-0 z-20 mx-auto flex max-h-[85dvh] w-full max-w-lg flex-col overflow-y-auto overscroll-contain rounded-t-3xl border-line border-t bg-surface px-3 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] shadow-pane outline-none select-none sheet-in"
        >
          <Dialog.Title className="sr-only">{label}</Dialog.Title>
          <p aria-hidden dir="auto" className="mb-2 line-clamp-2 px-3 text-sm text-muted">
            {about}
          </p>
          {children}
          <ActionList items={items} onAction={onAction} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What can be done with something, as a list of buttons. */
export function ActionList<Action extends string>({
  items,
  onAction,
}: Pick<ActionSheetProps<Action>, 'items' | 'onAction'>) {
  return (
    <ul className="mt-1">
      {items.map((item) => (
        <SheetItem key={item.action} item={item} onClick={() => onAction(item.action)} />
      ))}
    </ul>
  );
}

function SheetItem({ item: { label, Icon, isDanger }, onClick }: { item: ActionItem; onClick: () => void }) {
  return (
    <li>
      <button
        type="button"
        onClick={onClick}
        className={classes(
          'flex min-h-13 w-full items-center gap-4 rounded-2xl px-3 text-start hover:bg-hover active:bg-hover',
          isDanger && 'text-danger',
        )}
      >
        <Icon size={20} aria-hidden className="shrink-0" />
        {label}
      </button>
    </li>
  );
}
