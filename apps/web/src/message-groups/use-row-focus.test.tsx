// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { makeGroup } from '../testing.ts';
import { useRowFocus } from './use-row-focus.ts';

afterEach(cleanup);

function Pane({ uuids }: { uuids: string[] }) {
  const pane = useRowFocus(uuids.map((uuid) => makeGroup(uuid, 1)));
  return (
    <div ref={pane}>
      <input type="radio" defaultChecked />
      {uuids.map((uuid) => (
        <div key={uuid} data-row={uuid}>
          <a href={`/${uuid}`}>{uuid}</a>
          <button type="button">{`Actions for ${uuid}`}</button>
        </div>
      ))}
      <button type="button">Elsewhere</button>
    </div>
  );
}

const focused = () => document.activeElement?.textContent;

it('gives the focus to the row that takes the place of one that leaves', () => {
  const { rerender } = render(<Pane uuids={['a', 'b', 'c']} />);
  screen.getByText('b').focus();
  rerender(<Pane uuids={['a', 'c']} />);
  expect(focused()).toBe('c');
  rerender(<Pane uuids={['a']} />);
  expect(focused()).toBe('a');
});

it('does so if the row’s button had it', () => {
  const { rerender } = render(<Pane uuids={['a', 'b']} />);
  screen.getByText('Actions for a').focus();
  rerender(<Pane uuids={['b']} />);
  expect(focused()).toBe('b');
});

it('gives it to the filter when no row is left', () => {
  const { rerender } = render(<Pane uuids={['a']} />);
  screen.getByText('a').focus();
  rerender(<Pane uuids={[]} />);
  expect(document.activeElement).toBe(screen.getByRole('radio'));
});

it('leaves a focus that is elsewhere', () => {
  const { rerender } = render(<Pane uuids={['a', 'b']} />);
  screen.getByText('a').focus();
  screen.getByText('Elsewhere').focus();
  rerender(<Pane uuids={['b']} />);
  expect(focused()).toBe('Elsewhere');
});
