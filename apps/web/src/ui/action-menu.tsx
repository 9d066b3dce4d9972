import { DropdownMenu } from 'radix-ui';
import { type ComponentType, Fragment, useState } from 'react';
import { pageDirection } from './browser.ts';
import { classes } from './classes.ts';

/** Something that a menu or a sheet offers. */
export interface ActionItem<Action extends string = string> {
  action: Action;
  label: string;
  Icon: ComponentType<{ size: number; className: string; 'aria-hidden': true }>;
  /** The key that does the same, as a menu shows it. */
  shortcut?: string | undefined;
  isDanger?: boolean | undefined;
}

export interface ActionMenuProps<Action extends string> {
  label: string;
  items: readonly ActionItem<Action>[];
  /** What the menu opens next to: a control, or where a mouse was clicked. */
  anchor: HTMLElement | DOMRect;
  align?: 'start' | 'center' | 'end';
  onAction: (action: Action) => void;
  onClose: () => void;
}

/** What can be done with something, next to its button. What destroys something is apart, at the end. */
export function ActionMenu<Action extends string>(props: ActionMenuProps<Action>) {
  const { label, items, anchor, align = 'center', onAction, onClose } = props;
  // The anchor may be removed while the menu is open, and would clip it: this is where it was.
  const [{ left, top, width, height }] = useState(() =>
    anchor instanceof HTMLElement ? anchor.getBoundingClientRect() : anchor,
  );
  const firstDanger = items.find(({ isDanger }) => isDanger);
  return (
    <DropdownMenu.Root dir={pageDirection()} open onOpenChange={(open) => open || onClose()} modal={false}>
      {/* Wheel and taps outside close the menu instead of moving what is under it. */}
      <div className="fixed inset-0 z-10" />
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="pointer-events-none fixed" style={{ left, top, width, height }} />
      </DropdownMenu.Trigger>
      {/* Not in a portal, which is outside all landmarks. */}
      <DropdownMenu.Content
        aria-labelledby={undefined}
        aria-label={label}
        align={align}
        sideOffset={6}
        collisionPadding={8}
        onCloseAutoFocus={(event) => event.preventDefault()}
        className="z-20 max-h-(--radix-dropdown-menu-content-available-height) w-60 overflow-y-auto rounded-2xl border border-line bg-surface p-1.5 shadow-pane"
      >
        {items.map((item) => (
          <Fragment key={item.action}>
            {item === firstDanger ? <DropdownMenu.Separator className="my-1 h-px bg-line" /> : null}
            <MenuItem item={item} onAction={() => onAction(item.action)} />
          </Fragment>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

function MenuItem({ item, onAction }: { item: ActionItem; onAction: () => void }) {
  const { label, Icon, shortcut, isDanger } = item;
  return (
    <DropdownMenu.Item
      onSelect={(event) => {
        // Closing is up to `onAction`, which may open a dialog instead.
        event.preventDefault();
        onAction();
      }}
      className={classes(
        'flex min-h-10 cursor-pointer items-center gap-3 rounded-xl px-3 outline-none data-highlighted:bg-hover pointer-coarse:min-h-11',
        isDanger && 'text-danger',
      )}
    >
      <Icon size={17} aria-hidden className="shrink-0" />
      <span className="grow">{label}</span>
      {shortcut === undefined ? null : (
        <kbd aria-hidden className="font-sans text-sm text-muted">
          {shortcut}
        </kbd>
      )}
    </DropdownMenu.Item>
  );
}
