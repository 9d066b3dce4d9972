import { Smile } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { isTouchOnly } from '../../ui/browser.ts';
import { EmojiPopover } from './emoji-popover.tsx';
import { insertText } from './insert-text.ts';

/** Opens the emoji picker. A pick is inserted at the field's caret. */
export function EmojiButton({ field }: { field: RefObject<HTMLTextAreaElement | null> }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const onPick = (emoji: string) => {
    const target = field.current;
    if (target === null) return;
    // On a touch screen the picker stays for more: the focus would open the keyboard.
    if (!isTouchOnly()) {
      setOpen(false);
      target.focus();
    }
    insertText(target, { start: target.selectionStart, end: target.selectionEnd }, emoji);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={t('composer.emoji')}
        title={t('composer.emoji')}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="my-1 flex size-10 shrink-0 items-center justify-center rounded-full text-muted transition-colors hover:bg-hover hover:text-ink pointer-coarse:w-11"
      >
        <Smile size={21} aria-hidden />
      </button>
      {isOpen ? <EmojiPopover anchor={button} onPick={onPick} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
