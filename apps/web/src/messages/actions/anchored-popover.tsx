import { Popover } from 'radix-ui';
import { type ReactNode, useState } from 'react';

interface AnchoredPopoverProps {
  label: string;
  anchor: HTMLElement;
  onClose: () => void;
  children: ReactNode;
}

/** Opens next to an element of the thread, with the focus inside. */
export function AnchoredPopover({ label, anchor, onClose, children }: AnchoredPopoverProps) {
  // Measured once: the element's row may be removed while this is open.
  const [rect] = useState(() => anchor.getBoundingClientRect());
  return (
    <Popover.Root open onOpenChange={(open) => open || onClose()}>
      <Popover.Anchor virtualRef={{ current: { getBoundingClientRect: () => rect } }} />
      {/* Wheel and taps outside close it instead of moving the thread under it. */}
      <div className="fixed inset-0 z-10" />
      <Popover.Content
        aria-label={label}
        side="top"
        sideOffset={6}
        collisionPadding={8}
        onCloseAutoFocus={(event) => event.preventDefault()}
        className="z-20 flex max-w-[calc(100vw-1rem)] flex-col rounded-3xl border border-line bg-surface shadow-pane outline-none"
      >
        {children}
      </Popover.Content>
    </Popover.Root>
  );
}
