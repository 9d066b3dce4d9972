import { Popover } from 'radix-ui';
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { EmojiPicker } from './emoji-picker.tsx';

export interface EmojiPopoverProps {
  /** What it opens next to. It gets the focus back. */
  anchor: RefObject<HTMLElement | null>;
  onPick: (emoji: string) => void;
  onClose: () => void;
}

/** The picker next to its anchor, open while it is rendered. */
export default function EmojiPopoverContent({ anchor, onPick, onClose }: EmojiPopoverProps) {
  const content = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    opener.current = anchor.current;
  }, [anchor]);
  return (
    <Popover.Root open onOpenChange={(open) => open || onClose()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <Popover.Portal>
        <Popover.Content
          ref={content}
          aria-label="Emoji"
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            content.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (document.activeElement === document.body) opener.current?.focus();
          }}
          // The anchor's own click closes it.
          onInteractOutside={(event) => {
            if (event.target instanceof Node && anchor.current?.contains(event.target)) event.preventDefault();
          }}
          className="z-20 flex h-[min(25rem,var(--radix-popover-content-available-height))] w-[calc(100vw-1rem)] max-w-100 sm:w-88 flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-pane outline-none"
        >
          <EmojiPicker onPick={onPick} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
