import { startTransition, useOptimistic } from 'react';
import { t } from '../i18n/t.ts';
import { classes } from '../ui/classes.ts';
import { countWords } from '../ui/page-title.ts';
import { GROUP_FILTERS, type GroupFilter } from './group-filter.ts';

interface GroupFilterBarProps {
  filter: GroupFilter;
  /** The number of requests that wait for an answer. */
  requests: number;
  onFilter: (filter: GroupFilter) => void;
}

/** Chooses which conversations the list shows: radio buttons, so that the arrow keys move between them. */
export function GroupFilterBar({ filter, requests, onFilter }: GroupFilterBarProps) {
  // The router renders an address as a transition: until then, the button would jump back.
  const [chosen, setChosen] = useOptimistic(filter);
  const choose = (option: GroupFilter) =>
    startTransition(() => {
      setChosen(option);
      onFilter(option);
    });
  return (
    <section aria-label={t('list.filter')} className="shrink-0 px-4 pb-2">
      <div role="radiogroup" aria-label={t('list.filter.show')} className="flex flex-wrap gap-1.5">
        {GROUP_FILTERS.map((option) => (
          <label
            key={option}
            className={classes(
              'relative flex min-h-9 cursor-pointer items-center rounded-full px-3.5 text-sm font-medium pointer-coarse:min-h-11',
              'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
              option === chosen ? 'bg-selected text-moss-strong' : 'text-muted hover:bg-hover',
            )}
          >
            {/* Covers its label: what is clicked and what a screen reader outlines is the same. */}
            <input
              type="radio"
              name="group-filter"
              value={option}
              checked={option === chosen}
              onChange={() => choose(option)}
              className="absolute inset-0 cursor-pointer appearance-none rounded-full outline-none"
            />
            {labelOf(option, requests)}
          </label>
        ))}
      </div>
    </section>
  );
}

const labelOf = (filter: GroupFilter, requests: number): string =>
  filter === 'requests' && requests > 0
    ? t('list.filter.requestsWaiting', { count: countWords(requests) })
    : t(`list.filter.${filter}`);
