/** What is looked at of a key that was pressed. */
export type ComposerKey = Pick<
  KeyboardEvent,
  'key' | 'keyCode' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'isComposing'
>;

/** What browsers say of any key that an input method has taken. */
const KEY_OF_INPUT_METHOD = 229;

/**
 * Whether a key sends the message: Enter, alone or with Ctrl or Cmd, outside an input method.
 *
 * Safari ends the composition before it tells of the Enter that ended it, so that `isComposing` is false by then; only
 * the key code gives it away.
 *
 * @param hasKeyboard - false on a phone, whose Enter breaks the line; there the button sends, or Ctrl and Enter
 */
export function sendsOnEnter(key: ComposerKey, hasKeyboard: boolean): boolean {
  if (key.key !== 'Enter' || key.isComposing || key.keyCode === KEY_OF_INPUT_METHOD) return false;
  if (key.shiftKey || key.altKey) return false;
  return hasKeyboard || key.ctrlKey || key.metaKey;
}
