// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CopyButton } from './message-bubble.tsx';

const writeText = vi.fn(() => Promise.resolve());

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { clipboard: { writeText } });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('copies the text, and shows that for a second and a half', async () => {
  render(<CopyButton text="The ferry is early." tabIndex={0} />);
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Copy message' })));
  expect(writeText).toHaveBeenCalledWith('The ferry is early.');
  act(() => void vi.advanceTimersByTime(1_499));
  screen.getByRole('button', { name: 'Copied' });
  act(() => void vi.advanceTimersByTime(1));
  screen.getByRole('button', { name: 'Copy message' });
});
