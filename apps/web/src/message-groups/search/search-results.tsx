import { useEffect, useRef } from 'react';
import { t } from '../../i18n/t.ts';
import { useMyself } from '../../session/me-context.ts';
import { errorWords } from '../../trpc/reason-words.ts';
import { isTouchOnly } from '../../ui/browser.ts';
import { useInView } from '../../ui/in-view.ts';
import { PaneMessage, RetryNotice } from '../../ui/notice.tsx';
import { useHistoryEntry } from '../../ui/page-router.tsx';
import { GroupRowsSkeleton } from '../../ui/skeletons.tsx';
import { useNow } from '../../ui/timers.ts';
import { useGroupFilter } from '../group-filter.ts';
import { ResultOption } from './result-option.tsx';
import type { Section } from './results.ts';
import { type ListSearch, RESULTS_ID } from './use-list-search.ts';
import { useResultKeys } from './use-result-keys.ts';
import { useResults } from './use-results.ts';

const AGE_UPDATE_MS = 30_000;

/** The results of the search above the list, which replace the list. */
export default function SearchResults({ search }: { search: ListSearch }) {
  const { query } = search;
  const { sections, results, messages, error, retry, isSettled, isFirstCurrent } = useResults(query);
  const activeId = useResultKeys({ search, results, isFirstCurrent });
  const { hasMore, isFetching, loadMore } = messages;
  const end = useInView<HTMLDivElement>(loadMore, hasMore && !isFetching && error === null);
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another text is searched for
  useEffect(() => scroller.current?.scrollTo(0, 0), [query]);

  const isNothing = results.length === 0 && isSettled && error === null && !hasMore;
  return (
    <div ref={scroller} className="flex min-h-0 grow flex-col overflow-y-auto pb-4">
      <p role="status" className="sr-only">
        {isSettled && !isNothing ? summaryOf(sections) : null}
      </p>
      {messages.notice === null ? null : (
        <p role="status" className="px-4 pb-2 text-sm text-muted text-pretty">
          {messages.notice}
        </p>
      )}
      <Results sections={sections} activeId={activeId} onLeave={() => search.fieldProps.ref.current?.blur()} />
      {error ? (
        <div className="px-4 py-2">
          <RetryNotice
            words={t('search.failed', { reason: errorWords(error) })}
            onRetry={() => {
              // The button that was pressed will be gone.
              if (!isTouchOnly()) search.fieldProps.ref.current?.focus();
              retry();
            }}
          />
        </div>
      ) : isNothing ? (
        <div role="status">
          <PaneMessage title={t('search.nothing', { query: query.trim() })}>{t('search.nothing.hint')}</PaneMessage>
        </div>
      ) : hasMore || messages.isPending || (!isSettled && results.length === 0) ? (
        <div ref={end} role="status" aria-label={t('search.running')}>
          <GroupRowsSkeleton rows={results.length === 0 ? 6 : 2} />
        </div>
      ) : null}
    </div>
  );
}

interface ResultsProps {
  sections: readonly Section[];
  activeId: string | undefined;
  /** Another page, or a message, is opened, and takes the focus. */
  onLeave: () => void;
}

function Results({ sections, activeId, onLeave }: ResultsProps) {
  const me = useMyself();
  const now = useNow(AGE_UPDATE_MS);
  const [filter] = useGroupFilter();
  const { pathname } = useHistoryEntry();
  if (sections.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys click a result
    <div
      id={RESULTS_ID}
      role="listbox"
      aria-label={t('search.results')}
      // The field keeps the focus until a result is opened.
      onMouseDown={(event) => event.preventDefault()}
      onClick={({ target }) => {
        const link = target instanceof Element ? target.closest('a') : null;
        if (link?.pathname !== pathname || new URLSearchParams(link.search).has('at')) onLeave();
      }}
    >
      {sections.map(({ kind, results }) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options
        <div key={kind} role="group" aria-label={t(`search.${kind}`)}>
          <div aria-hidden="true" className="px-4 pt-2 pb-1 text-sm font-semibold text-moss-strong">
            {t(`search.${kind}`)}
          </div>
          {results.map((result) => (
            <ResultOption
              key={result.id}
              {...{ result, now, filter }}
              isActive={result.id === activeId}
              myUuid={me.uuid}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

/** For screen readers: `2 people, 1 conversation, 20 messages`. */
const summaryOf = (sections: readonly Section[]): string =>
  sections.map(({ kind, results }) => t(`search.${kind}.count`, { count: results.length })).join(', ');
