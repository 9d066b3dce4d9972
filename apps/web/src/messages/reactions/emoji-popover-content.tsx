import { Popover } from 'radix-ui';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { pageDirection } from '../../ui/browser.ts';
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
  const [place] = useState(() => roomiestPlace(anchor.current));
  useLayoutEffect(() => {
    opener.current = anchor.current;
  }, [anchor]);
  return (
    <Popover.Root open onOpenChange={(open) => open || onClose()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <Popover.Portal>
        <Popover.Content
          ref={content}
          aria-label={t('composer.emoji')}
          {...place}
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
          // A click on the button that opened it closes it.
          onInteractOutside={(event) => {
            const button = anchor.current?.closest('button');
            if (event.target instanceof Node && button?.contains(event.target)) event.preventDefault();
          }}
          className="z-20 flex h-[min(25rem,var(--radix-popover-content-available-height))] w-[calc(100vw-1rem)] max-w-100 sm:w-88 flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-pane outline-none"
        >
          <EmojiPicker onPick={onPick} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Where there is most room next to an element. */
function roomiestPlace(anchor: HTMLElement | null) {
  const { top = 0, bottom = 0, left = 0, right = 0 } = anchor?.getBoundingClientRect() ?? {};
  return {
    side: top + bottom > window.innerHeight ? 'top' : 'bottom',
    align: left + right > window.innerWidth === (pageDirection() === 'ltr') ? 'end' : 'start',
  } as const;
}
