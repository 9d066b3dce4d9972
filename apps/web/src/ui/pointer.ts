const TOUCH_ONLY = '(any-pointer: coarse) and (not (any-pointer: fine))';

/**
 * Whether the device has a touch screen and neither a mouse nor a pen, and so most likely no keyboard with keys. Firefox
 * without a mouse and virtual machines report no pointer at all: they do have a keyboard.
 */
export const isTouchOnly = (): boolean => window.matchMedia?.(TOUCH_ONLY).matches ?? false;
