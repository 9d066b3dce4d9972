import { navigate, useHistoryEntry } from '../ui/page-router.tsx';

/** Which conversations the list shows. */
export const GROUP_FILTERS = ['all', 'unread', 'requests'] as const;
export type GroupFilter = (typeof GROUP_FILTERS)[number];

const PARAMETER = 'filter';

/** The filter in an address; another value counts as none. */
export function filterOf(search: URLSearchParams): GroupFilter {
  return GROUP_FILTERS.find((filter) => filter === search.get(PARAMETER)) ?? 'all';
}

/** The query of an address with a filter, with its `?`. */
export const filterQuery = (filter: GroupFilter): string => (filter === 'all' ? '' : `?${PARAMETER}=${filter}`);

/** For a focus that was in the list on something that is gone. */
export function focusGroupFilter(): void {
  document.querySelector<HTMLElement>('[name="group-filter"]:checked')?.focus();
}

/** The filter of the list. It is in the address, so that a reload and the way back keep it. */
export function useGroupFilter(): [GroupFilter, (filter: GroupFilter) => void] {
  const { search } = useHistoryEntry();
  return [filterOf(new URLSearchParams(search)), setGroupFilter];
}

function setGroupFilter(filter: GroupFilter): void {
  navigate(window.location.pathname + filterQuery(filter), { replace: true });
}
