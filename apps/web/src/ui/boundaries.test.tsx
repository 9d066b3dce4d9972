// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PaneBoundary } from './boundaries.tsx';

// React reports what a boundary catches on the console as well.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const state = { broken: true };

function Fragile() {
  if (state.broken) throw new Error('broke');
  return <p>whole again</p>;
}

describe('PaneBoundary', () => {
  it('keeps the other panes, and tries again when asked', async () => {
    state.broken = true;
    render(
      <>
        <p>the list</p>
        <PaneBoundary title="Couldn’t show this conversation." resetKey="/a">
          <Fragile />
        </PaneBoundary>
      </>,
    );
    expect(screen.getByText('the list')).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain('Couldn’t show this conversation.');
    state.broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText('whole again')).toBeTruthy();
  });

  it('tries again at another address', () => {
    state.broken = true;
    const draw = (resetKey: string) => (
      <PaneBoundary title="Couldn’t show this conversation." resetKey={resetKey}>
        <Fragile />
      </PaneBoundary>
    );
    const { rerender } = render(draw('/a'));
    state.broken = false;
    rerender(draw('/b'));
    expect(screen.getByText('whole again')).toBeTruthy();
  });
});
