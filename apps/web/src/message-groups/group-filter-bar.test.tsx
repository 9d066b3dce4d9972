// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GroupFilterBar } from './group-filter-bar.tsx';

afterEach(cleanup);

describe('GroupFilterBar', () => {
  it('counts requests, if there are any', () => {
    const { rerender } = render(<GroupFilterBar filter="all" requests={0} onFilter={() => undefined} />);
    screen.getByRole('radio', { name: 'Requests' });
    rerender(<GroupFilterBar filter="all" requests={2} onFilter={() => undefined} />);
    screen.getByRole('radio', { name: 'Requests (2)' });
  });

  it('is one group, of which one is chosen', () => {
    const onFilter = vi.fn();
    render(<GroupFilterBar filter="unread" requests={0} onFilter={onFilter} />);
    const radios = screen.getAllByRole<HTMLInputElement>('radio');
    expect(new Set(radios.map(({ name }) => name)).size).toBe(1);
    expect(radios.filter(({ checked }) => checked).map(({ value }) => value)).toEqual(['unread']);
    fireEvent.click(screen.getByRole('radio', { name: 'All' }));
    expect(onFilter).toHaveBeenLastCalledWith('all');
  });
});
