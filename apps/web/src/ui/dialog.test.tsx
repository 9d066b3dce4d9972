// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Dialog } from './dialog.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** A page whose dialog was opened while Open had the focus. */
function setUp() {
  const draw = (isOpen: boolean) => (
    <>
      <button type="button">Open</button>
      <textarea aria-label="Message" />
      {isOpen ? (
        <Dialog title="People" onClose={() => undefined}>
          <input aria-label="Name" />
        </Dialog>
      ) : null}
    </>
  );
  const { rerender } = render(draw(false));
  screen.getByText('Open').focus();
  rerender(draw(true));
  vi.runAllTimers();
  expect(document.activeElement).toBe(screen.getByLabelText('Name'));
  return { close: () => rerender(draw(false)) };
}

describe('Dialog', () => {
  it('returns the focus to what had it before', () => {
    const { close } = setUp();
    close();
    vi.runAllTimers();
    expect(document.activeElement).toBe(screen.getByText('Open'));
  });

  it('leaves the focus where it was moved when the dialog closed', () => {
    const { close } = setUp();
    close();
    screen.getByLabelText('Message').focus();
    vi.runAllTimers();
    expect(document.activeElement).toBe(screen.getByLabelText('Message'));
  });
});
