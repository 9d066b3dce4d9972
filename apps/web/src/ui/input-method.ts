/** The code of a key that an input method has handled. Safari reports `isComposing` as false for the Enter that ends it. */
const HANDLED_KEY_CODE = 229;

/** Whether a key chooses characters in an input method, as for Japanese: the page must leave it alone. */
export function isInputMethodKey({ isComposing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return isComposing || keyCode === HANDLED_KEY_CODE;
}
