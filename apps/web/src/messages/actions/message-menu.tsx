import { DropdownMenu } from 'radix-ui';
import { Fragment, useState } from 'react';
import { classes } from '../../ui/classes.ts';
import { ACTION_LABELS } from './action-labels.ts';
import type { MessageAction } from './allowed-actions.ts';

interface MessageMenuProps {
  actions: readonly MessageAction[];
  anchor: HTMLElement;
  /** Single characters are shortcuts. */
  singleKeys: boolean;
  onAction: (action: MessageAction) => void;
  onClose: () => void;
}

/** What can be done with one message, next to its toolbar. */
export function MessageMenu({ actions, anchor, singleKeys, onAction, onClose }: MessageMenuProps) {
  // The row may be removed while the menu is open, and would clip it: the anchor is where the button was.
  const [{ left, top, width, height }] = useState(() => anchor.getBoundingClientRect());
  return (
    <DropdownMenu.Root open onOpenChange={(open) => open || onClose()} modal={false}>
      {/* Wheel and taps outside close the menu instead of moving the thread under it. */}
      <div className="fixed inset-0 z-10" />
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="pointer-events-none fixed" style={{ left, top, width, height }} />
      </DropdownMenu.Trigger>
      {/* Not in a portal, which is outside all landmarks. */}
      <DropdownMenu.Content
        aria-labelledby={undefined}
        aria-label="Message actions"
        align="center"
        sideOffset={6}
        collisionPadding={8}
        onCloseAutoFocus={(event) => event.preventDefault()}
        className="z-20 w-60 rounded-2xl border border-line bg-surface p-1.5 shadow-pane"
      >
        {actions.map((action) => (
          <Fragment key={action}>
            {action === 'delete' ? <DropdownMenu.Separator className="my-1 h-px bg-line" /> : null}
            <MenuItem action={action} singleKeys={singleKeys} onAction={onAction} />
          </Fragment>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps extends Pick<MessageMenuProps, 'singleKeys' | 'onAction'> {
  action: MessageAction;
}

function MenuItem({ action, singleKeys, onAction }: MenuItemProps) {
  const { label, Icon, shortcut } = ACTION_LABELS[action];
  const hasShortcut = shortcut !== undefined && (singleKeys || shortcut.length > 1);
  return (
    <DropdownMenu.Item
      onSelect={(event) => {
        // Closing is up to `onAction`, which may open a dialog instead.
        event.preventDefault();
        onAction(action);
      }}
      className={classes(
        'flex min-h-10 cursor-pointer items-center gap-3 rounded-xl px-3 outline-none data-highlighted:bg-hover pointer-coarse:min-h-11',
        action === 'delete' && 'text-danger',
      )}
    >
      <Icon size={17} aria-hidden className="shrink-0" />
      <span className="grow">{label}</span>
      {hasShortcut ? (
        <kbd aria-hidden className="font-sans text-sm text-muted">
          {shortcut}
        </kbd>
      ) : null}
    </DropdownMenu.Item>
  );
}
