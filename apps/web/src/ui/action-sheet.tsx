import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import type { ActionItem } from './action-menu.tsx';
import { classes } from './classes.ts';
import { Sheet } from './sheet.tsx';

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

/** What can be done with something, at the bottom of a touch screen. */
export function ActionSheet<Action extends string>(props: ActionSheetProps<Action>) {
  const { label, items, about, children, onAction, onClose } = props;
  return (
    <Sheet onClose={onClose} className="mx-auto w-full max-w-lg select-none">
      <Dialog.Title className="sr-only">{label}</Dialog.Title>
      <p aria-hidden dir="auto" className="mb-2 line-clamp-2 px-3 text-sm text-muted">
        {about}
      </p>
      {children}
      <ActionList items={items} onAction={onAction} />
    </Sheet>
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
