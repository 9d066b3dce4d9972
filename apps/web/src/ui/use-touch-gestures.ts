import { type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import { pageDirection } from './browser.ts';
import { schedule } from './timers.ts';
import { gestureOf, type Point, REPLY_AT, swipeOffset } from './touch-gesture.ts';

/** How long a finger rests until it is a long press, in milliseconds. Browsers select text after about 500. */
const LONG_PRESS_MS = 420;
/** How long a haptic tick lasts, in milliseconds. */
const TICK_MS = 10;

interface TouchGestures {
  /** What moves with a swipe. */
  moved: RefObject<HTMLElement | null>;
  onLongPress: () => void;
  /** Absent: swiping is off. */
  onSwipe: (() => void) | undefined;
}

interface Touch {
  id: number;
  from: Point;
  gesture: 'press' | 'swipe';
  offset: number;
  cancelPress: () => void;
}

/**
 * Long press and swipe forwards, which is to the right unless the page is mirrored, by touch only. The element needs `touch-action: pan-y`: then the browser scrolls
 * vertically, which ends the gesture by `pointercancel`, and leaves other movements to us.
 */
export function useTouchGestures({ moved, onLongPress, onSwipe }: TouchGestures) {
  const touch = useRef<Touch>(null);
  useEffect(() => () => touch.current?.cancelPress(), []);

  const end = () => {
    touch.current?.cancelPress();
    if (touch.current?.gesture === 'swipe') place(moved.current, 0);
    touch.current = null;
  };

  const onPointerDown = (event: PointerEvent) => {
    end();
    // A second finger is a pinch.
    if (event.pointerType !== 'touch' || !event.isPrimary) return;
    const { target } = event;
    const cancelPress = schedule(() => {
      end();
      ignoreUntilLifted(target);
      tick();
      onLongPress();
    }, LONG_PRESS_MS);
    touch.current = { id: event.pointerId, from: pointOf(event), gesture: 'press', offset: 0, cancelPress };
  };

  const onPointerMove = (event: PointerEvent) => {
    const current = touch.current;
    if (current?.id !== event.pointerId) return;
    if (current.gesture === 'press') {
      const gesture = gestureOf(current.from, pointOf(event));
      if (gesture === 'press') return;
      if (gesture === 'scroll' || onSwipe === undefined) return end();
      current.cancelPress();
      current.gesture = gesture;
    }
    const offset = swipeOffset(pointOf(event).x - current.from.x);
    if (offset >= REPLY_AT && current.offset < REPLY_AT) tick();
    current.offset = offset;
    place(moved.current, offset);
  };

  const onPointerUp = (event: PointerEvent) => {
    const current = touch.current;
    if (current?.id !== event.pointerId) return;
    end();
    if (current.gesture === 'swipe' && current.offset >= REPLY_AT) onSwipe?.();
  };

  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: end };
}

/** Suppresses the browser's menu until the finger is lifted, and then its click, which would hit what has opened under it. */
function ignoreUntilLifted(target: EventTarget): void {
  const lifted = new AbortController();
  const { signal } = lifted;
  const ignore = (event: Event) => event.preventDefault();
  document.addEventListener('contextmenu', ignore, { signal });
  target.addEventListener('touchend', ignore, { signal, passive: false });
  const stop = () => lifted.abort();
  for (const end of ['touchend', 'touchcancel']) target.addEventListener(end, stop, { signal });
  // In case the end was not reported.
  document.addEventListener('pointerdown', stop, { signal });
}

/** Moves an element forwards, in pixels, and marks whether it has passed the threshold. */
function place(element: HTMLElement | null, offset: number): void {
  if (element === null) return;
  element.style.transform = offset === 0 ? '' : `translateX(${isMirrored() ? -offset : offset}px)`;
  if (offset === 0) delete element.dataset.swiping;
  else element.dataset.swiping = offset < REPLY_AT ? 'on' : 'ready';
}

const isMirrored = () => pageDirection() === 'rtl';

/** Counted from where the page's lines begin. */
const pointOf = ({ clientX, clientY }: PointerEvent): Point => ({
  x: isMirrored() ? window.innerWidth - clientX : clientX,
  y: clientY,
});

/** A haptic tick, where the device has one and the browser allows it. */
function tick(): void {
  if ('vibrate' in navigator) navigator.vibrate(TICK_MS);
}
