import { countCodePoints } from '@cruddur/config';
import { type RefObject, useEffect, useEffectEvent } from 'react';
import { t } from '../i18n/t.ts';
import { shortcutAt } from '../shortcuts/shortcuts.ts';
import { hasOpenLayer } from '../ui/browser.ts';
import { isInputMethodKey } from '../ui/input-method.ts';
import { isEditable } from '../ui/keep-page.ts';
import { useToasts } from '../ui/use-toasts.ts';
import { insertText } from './reactions/insert-text.ts';

interface TypeAnywhereProps {
  field: RefObject<HTMLTextAreaElement | null>;
}

/**
 * What is typed or pasted while no field has the focus goes to the composer. Files, pasted or dropped anywhere, are answered with
 * words. Draws nothing.
 */
export default function TypeAnywhere({ field }: TypeAnywhereProps): null {
  const { show } = useToasts();
  const refuseFiles = () => show({ id: 'text-only', words: t('composer.textOnly') });
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isEditable(event.target) || hasOpenLayer()) return;
    // The browser types into what has the focus after this.
    if (typesCharacter(event) && shortcutAt(event, false) === null) field.current?.focus();
  });
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const { clipboardData: data, target } = event;
    if (event.defaultPrevented || data === null || hasOpenLayer()) return;
    if (isEditable(target) && target !== field.current) return;
    const text = data.getData('text/plain');
    // Cells of a table are pasted as text, though there is a picture of them too.
    if (text === '' && data.files.length > 0) refuseFiles();
    else if (target === field.current || text === '' || field.current === null) return;
    else {
      field.current.focus();
      insertText(field.current, { start: field.current.selectionStart, end: field.current.selectionEnd }, text);
    }
    event.preventDefault();
  });
  const onDrop = useEffectEvent(({ dataTransfer }: DragEvent) => {
    if (dataTransfer?.types.includes('Files')) refuseFiles();
  });
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener('keydown', (event) => onKeyDown(event), { signal });
    window.addEventListener('paste', (event) => onPaste(event), { signal });
    window.addEventListener('drop', (event) => onDrop(event), { signal });
    return () => listening.abort();
  }, []);
  return null;
}

type TypedKey = Pick<KeyboardEvent, 'key' | 'keyCode' | 'isComposing' | 'ctrlKey' | 'altKey' | 'metaKey'> &
  Pick<KeyboardEvent, 'getModifierState'>;

/** Whether a key types a character. Not the space bar: it presses buttons, and scrolls. */
export function typesCharacter(key: TypedKey): boolean {
  if (isInputMethodKey(key) || key.metaKey) return false;
  // Windows reports AltGr as Ctrl and Alt.
  if ((key.ctrlKey || key.altKey) && !key.getModifierState('AltGraph')) return false;
  return key.key !== ' ' && countCodePoints(key.key) === 1;
}
