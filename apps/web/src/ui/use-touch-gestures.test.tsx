// @vitest-environment jsdom
import { cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTouchGestures } from './use-touch-gestures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

interface MessageProps {
  onLongPress: () => void;
  onSwipe: () => void;
}

function Message({ onLongPress, onSwipe }: MessageProps) {
  const moved = useRef<HTMLButtonElement>(null);
  return (
    <div {...useTouchGestures({ moved, onLongPress, onSwipe })}>
      <button ref={moved} type="button">
        Text
      </button>
    </div>
  );
}

function setUp() {
  const calls = { onLongPress: vi.fn(), onSwipe: vi.fn() };
  render(<Message {...calls} />);
  const text = screen.getByText('Text');
  const touch = { pointerType: 'touch', isPrimary: true, pointerId: 1 };
  return {
    ...calls,
    text,
    down: (x = 100, y = 100, overrides = {}) =>
      fireEvent.pointerDown(text, { ...touch, clientX: x, clientY: y, ...overrides }),
    move: (x: number, y: number) => fireEvent.pointerMove(text, { ...touch, clientX: x, clientY: y }),
    up: () => fireEvent.pointerUp(text, touch),
    cancel: () => fireEvent.pointerCancel(text, touch),
  };
}

describe('a long press', () => {
  it('is a finger that rests', () => {
    const { down, move, onLongPress } = setUp();
    down();
    move(104, 98);
    vi.advanceTimersByTime(419);
    expect(onLongPress).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onLongPress).toHaveBeenCalledOnce();
  });

  it.each([
    ['is lifted', ({ up }: ReturnType<typeof setUp>) => up()],
    ['scrolls', ({ move }: ReturnType<typeof setUp>) => move(100, 140)],
    ['is taken over by the browser', ({ cancel }: ReturnType<typeof setUp>) => cancel()],
  ])('is not a finger that %s', (_, act) => {
    const page = setUp();
    page.down();
    act(page);
    vi.advanceTimersByTime(1_000);
    expect(page.onLongPress).not.toHaveBeenCalled();
  });

  it('is not a mouse, or a second finger', () => {
    const { down, onLongPress } = setUp();
    down(100, 100, { pointerType: 'mouse' });
    down(100, 100, { isPrimary: false });
    vi.advanceTimersByTime(1_000);
    expect(onLongPress).not.toHaveBeenCalled();
  });

  it('ignores the browser’s menu and the click of the same finger, but no later ones', () => {
    const { down, text } = setUp();
    const isIgnored = (event: Event) => {
      fireEvent(text, event);
      return event.defaultPrevented;
    };
    down();
    vi.advanceTimersByTime(420);
    expect(isIgnored(createEvent.contextMenu(text))).toBe(true);
    // Without its default, no click follows.
    expect(isIgnored(createEvent.touchEnd(text))).toBe(true);
    expect(isIgnored(createEvent.contextMenu(text))).toBe(false);
    expect(isIgnored(createEvent.touchEnd(text))).toBe(false);
  });
});

describe('a swipe', () => {
  it('moves the message with the finger, and replies when it is released far enough', () => {
    const { down, move, up, text, onSwipe } = setUp();
    down();
    move(150, 104);
    expect([text.style.transform, text.dataset.swiping]).toEqual(['translateX(40px)', 'on']);
    move(170, 104);
    expect(text.dataset.swiping).toBe('ready');
    expect(onSwipe).not.toHaveBeenCalled();
    up();
    expect(onSwipe).toHaveBeenCalledOnce();
    expect([text.style.transform, text.dataset.swiping]).toEqual(['', undefined]);
  });

  it('goes to the left where the page is mirrored', () => {
    document.documentElement.dir = 'rtl';
    const { down, move, up, text, onSwipe } = setUp();
    down(300, 100);
    move(250, 104);
    expect(text.style.transform).toBe('translateX(-40px)');
    move(230, 104);
    up();
    expect(onSwipe).toHaveBeenCalledOnce();
    document.documentElement.dir = '';
  });

  it('does nothing when it is released early, moved back or taken over by the browser', () => {
    const { down, move, up, cancel, onSwipe, onLongPress } = setUp();
    const moveBackAndLift = () => {
      move(110, 100);
      up();
    };
    for (const end of [up, moveBackAndLift, cancel]) {
      down();
      move(150, 100);
      end();
    }
    vi.advanceTimersByTime(1_000);
    expect([onSwipe, onLongPress].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });
});
