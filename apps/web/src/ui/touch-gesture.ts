/** How far a finger may move, in pixels, before it is no longer a press. */
const SLOP = 10;
/** How far a message is swiped, in pixels, to reply to it. */
export const REPLY_AT = 56;
/** How far a message follows the finger at most, in pixels. */
const SWIPE_MAX = 88;
/** Width at the page's beginning, in pixels, where a swipe is the browser's or the system's way back. */
const EDGE = 24;

export interface Point {
  /** From where the page's lines begin: from the right if it is mirrored. */
  x: number;
  y: number;
}

/** What a touch that began at one point and is now at another one does. */
export function gestureOf(from: Point, to: Point): 'press' | 'swipe' | 'scroll' {
  const [x, y] = [to.x - from.x, Math.abs(to.y - from.y)];
  if (Math.hypot(x, y) <= SLOP) return 'press';
  // Clearly forwards: a finger that scrolls moves sideways too.
  return x > 2 * y && from.x >= EDGE ? 'swipe' : 'scroll';
}

/** How far a message moves with a finger: as far as the finger up to the threshold, then less and less. */
export function swipeOffset(moved: number): number {
  const distance = Math.max(moved - SLOP, 0);
  if (distance <= REPLY_AT) return distance;
  const room = SWIPE_MAX - REPLY_AT;
  return REPLY_AT + room * (1 - Math.exp(-(distance - REPLY_AT) / room));
}
