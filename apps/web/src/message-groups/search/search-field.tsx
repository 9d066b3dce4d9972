import { Search, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { t } from '../../i18n/t.ts';
import { isInputMethodKey } from '../../ui/input-method.ts';
import { type ListSearch, RESULTS_ID } from './use-list-search.ts';

/** The field above the list. While it has text, results replace the list, and its keys move among them. */
export function SearchField({ search }: { search: ListSearch }) {
  const { query, isOn, type, end, shown, fieldProps, onResultKey } = search;
  const hasResults = isOn && shown.hasResults;
  const onKeyDown = (event: KeyboardEvent) => {
    if (isInputMethodKey(event.nativeEvent)) return;
    if (event.key !== 'Escape') return onResultKey(event);
    event.preventDefault();
    end();
  };
  return (
    <search className="relative mx-4 mb-3 block shrink-0">
      <Search size={17} aria-hidden className="pointer-events-none absolute inset-y-0 start-4 my-auto text-muted" />
      <input
        {...fieldProps}
        type="text"
        role="combobox"
        aria-label={t('list.search')}
        aria-autocomplete="list"
        aria-expanded={hasResults}
        aria-controls={hasResults ? RESULTS_ID : undefined}
        aria-activedescendant={hasResults ? shown.activeId : undefined}
        aria-keyshortcuts="/"
        placeholder={t('list.search')}
        enterKeyHint="search"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        value={query}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onKeyDown={onKeyDown}
        className="h-11 w-full rounded-full border border-edge bg-surface ps-10.5 pe-11 text-page-start outline-none placeholder:text-muted focus:border-moss focus:ring-1 focus:ring-moss"
      />
      {query === '' ? (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 end-4 my-auto hidden h-fit text-xs text-muted md:block"
        >
          /
        </span>
      ) : (
        <button
          type="button"
          aria-label={t('list.search.clear')}
          // Pressed by a pointer, it leaves the focus in the field.
          onMouseDown={(event) => event.preventDefault()}
          onClick={end}
          className="absolute inset-y-0 end-0 flex size-11 items-center justify-center rounded-full text-muted hover:text-ink"
        >
          <X size={17} aria-hidden />
        </button>
      )}
    </search>
  );
}
