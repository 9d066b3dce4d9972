import type { TextSpan } from './shortcodes.ts';

/**
 * Replaces a part of a field as if it were typed: React receives an input event, and where the field has the focus, Ctrl+Z undoes it.
 * The caret is after the new text.
 */
export function insertText(field: HTMLTextAreaElement, { start, end }: TextSpan, text: string): void {
  if (document.activeElement === field) {
    field.setSelectionRange(start, end);
    // Deprecated, but nothing else keeps the browser's own undo.
    if (document.execCommand?.('insertText', false, text)) return;
  }
  field.setRangeText(text, start, end, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}
