// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { createRef } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageToolbar } from './message-toolbar.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function setUp(props: { isSent?: boolean; canWrite?: boolean; isShown?: boolean } = {}) {
  const onCopy = vi.fn(() => Promise.resolve(true));
  const onCopyLink = vi.fn(() => Promise.resolve(true));
  const nothing = () => undefined;
  render(
    <MessageToolbar
      {...{
        isSent: true,
        canWrite: true,
        isShown: true,
        isMenuOpen: false,
        tabIndex: 0,
        more: createRef<HTMLButtonElement>(),
        ...props,
      }}
      {...{ onReact: nothing, onReply: nothing, onMore: nothing, onCopy, onCopyLink }}
    />,
  );
  const names = () => screen.getAllByRole('button').map((button) => button.getAttribute('aria-label'));
  return { onCopy, names };
}

describe('MessageToolbar', () => {
  it('has buttons to react, reply, copy, and copy a link, and one that opens the menu', () => {
    expect(setUp().names()).toEqual(['React', 'Reply', 'Copy message', 'Copy link', 'More actions']);
  });

  it('has only the button of the menu, for assistive technology, until it is shown', () => {
    expect(setUp({ isShown: false }).names()).toEqual(['More actions']);
  });

  it('neither reacts nor replies where the other person cannot be written to', () => {
    expect(setUp({ canWrite: false }).names()).toEqual(['Copy message', 'Copy link', 'More actions']);
  });

  it('can only copy a message that is not sent yet', () => {
    expect(setUp({ isSent: false }).names()).toEqual(['Copy message']);
  });

  it('shows for a second and a half that it has copied', async () => {
    const { onCopy } = setUp();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Copy message' })));
    expect(onCopy).toHaveBeenCalledOnce();
    act(() => void vi.advanceTimersByTime(1_499));
    screen.getByRole('button', { name: 'Copied' });
    act(() => void vi.advanceTimersByTime(1));
    screen.getByRole('button', { name: 'Copy message' });
  });

  it('does not claim to have copied what the browser refused to copy', async () => {
    setUp().onCopy.mockResolvedValue(false);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Copy message' })));
    screen.getByRole('button', { name: 'Copy message' });
  });
});
