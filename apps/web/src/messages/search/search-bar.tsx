import { parseSearchQuery } from '@cruddur/config';
import { ArrowLeft, ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import {
  type ComponentProps,
  type KeyboardEvent,
  type RefObject,
  useContext,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { t } from '../../i18n/t.ts';
import { cutQuery } from '../../search/cut-query.ts';
import { useMessageSearch } from '../../search/use-message-search.ts';
import { isTouchOnly } from '../../ui/browser.ts';
import { classes } from '../../ui/classes.ts';
import { isInputMethodKey } from '../../ui/input-method.ts';
import { ThreadSearchContext } from '../thread-search-context.ts';
import { useHitWalk } from './hit-walk.ts';
import { type SearchFilter, SearchFilters } from './search-filters.tsx';
import { SearchNotices, SearchPosition } from './search-outcome.tsx';
import { placeOfFound, useHighlights } from './use-highlights.ts';
import { useWayBack } from './use-way-back.ts';

interface SearchBarProps {
  messageGroupUuid: string;
  /** The other person. */
  name: string;
  /** What was typed while this code was loading. */
  typedAhead: string;
  /** Another number focuses the field again. */
  opening: number;
  /** What had the focus before the search was opened. */
  focusedBefore: Element | null;
  onClose: () => void;
  /** Called if nothing in the thread can take the focus. */
  onFocusLost: () => void;
}

/** Searches a conversation: walks what was found, from the newest to older ones, in the thread below. On a phone it replaces the header. */
export default function SearchBar(props: SearchBarProps) {
  const { messageGroupUuid, name, typedAhead, opening, focusedBefore, onClose, onFocusLost } = props;
  const part = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState(() => cutQuery(typedAhead));
  const [filter, setFilter] = useState<SearchFilter>({});
  const search = useMessageSearch({ query, messageGroupUuid, ...filter });
  const terms = useMemo(() => parseSearchQuery(query), [query]);
  const way = useWayBack(part, { opening, focused: focusedBefore }, { onClose, onFocusLost });
  const walk = useHitWalk(search, JSON.stringify([terms, filter]), ({ message }) =>
    way.walk(message, () => placeOfFound(part, message.uuid, terms)),
  );
  useHighlights(part, search.hits, terms, walk.uuid);

  useLayoutEffect(() => {
    field.current?.focus();
    // Selected again when the person asks for it again: at first, what is typed goes on after what was typed ahead.
    if (opening > 1) field.current?.select();
  }, [opening]);
  const close = () => way.leave(walk.uuid);
  const retry = () => {
    // The button that was pressed will be gone.
    if (!isTouchOnly()) field.current?.focus();
    search.refetch();
  };
  const link = useContext(ThreadSearchContext);
  // For the Escape key elsewhere.
  useEffect(() => {
    link.setClose(close);
    return () => link.setClose(null);
  });

  useCloseRequest(close);

  const onKeyDown = (event: KeyboardEvent) => {
    if (isInputMethodKey(event.nativeEvent)) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      close();
    }
    const step = event.target === field.current ? stepOf(event) : undefined;
    if (step === undefined) return;
    event.preventDefault();
    walk.step(step);
  };
  return (
    <search ref={part} aria-label={t('thread.search')} onKeyDown={onKeyDown} className="shrink-0 border-b border-line">
      <div className="thread-column flex flex-col gap-2 px-2 py-2.5 md:px-4">
        {/* The header’s title: a phone shows the search instead of the header. */}
        <h1 className="sr-only md:hidden">{name}</h1>
        <div className="flex items-center gap-1">
          <BarButton label={t('thread.search.close')} onClick={close} className="md:hidden">
            <ArrowLeft size={22} aria-hidden className="rtl:-scale-x-100" />
          </BarButton>
          <QueryField field={field} query={query} onQuery={setQuery} />
          <BarButton label={t('thread.search.older')} disabled={!walk.canStep(1)} onClick={() => walk.step(1)}>
            <ChevronUp size={20} aria-hidden />
          </BarButton>
          <BarButton label={t('thread.search.newer')} disabled={!walk.canStep(-1)} onClick={() => walk.step(-1)}>
            <ChevronDown size={20} aria-hidden />
          </BarButton>
          <BarButton label={t('thread.search.close')} onClick={close} className="max-md:hidden">
            <X size={20} aria-hidden />
          </BarButton>
        </div>
        <div className="flex items-center gap-2 px-1 md:gap-3">
          <SearchFilters filter={filter} name={name} onFilter={setFilter} />
          <div role="status" className="ms-auto shrink-0 text-sm text-muted">
            {terms.length === 0 ? null : <SearchPosition search={search} walk={walk} />}
          </div>
        </div>
        <SearchNotices search={search} onRetry={retry} />
      </div>
    </search>
  );
}

interface QueryFieldProps {
  field: RefObject<HTMLInputElement | null>;
  query: string;
  onQuery: (query: string) => void;
}

function QueryField({ field, query, onQuery }: QueryFieldProps) {
  const clear = () => {
    onQuery('');
    field.current?.focus();
  };
  return (
    <span className="relative min-w-0 grow">
      <Search size={17} aria-hidden className="pointer-events-none absolute inset-y-0 start-4 my-auto text-muted" />
      <input
        ref={field}
        type="search"
        aria-label={t('thread.search')}
        placeholder={t('thread.search.placeholder')}
        enterKeyHint="search"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        value={query}
        onChange={({ currentTarget }) => onQuery(cutQuery(currentTarget.value))}
        className="h-11 w-full rounded-full border border-edge bg-paper px-10.5 text-page-start outline-none placeholder:text-muted focus:border-moss focus:ring-1 focus:ring-moss [&::-webkit-search-cancel-button]:hidden"
      />
      {query === '' ? null : (
        <BarButton label={t('thread.search.clear')} onClick={clear} className="absolute inset-y-0 end-0">
          <X size={17} aria-hidden />
        </BarButton>
      )}
    </span>
  );
}

/** Of Chromium. TypeScript does not know it. */
declare class CloseWatcher {
  onclose: () => void;
  destroy(): void;
}

/** On Android, the way back closes the search instead of leaving the conversation. */
function useCloseRequest(close: () => void): void {
  const onClose = useEffectEvent(close);
  useEffect(() => {
    if (!('CloseWatcher' in window) || !isTouchOnly()) return;
    const watcher = new CloseWatcher();
    watcher.onclose = () => onClose();
    return () => watcher.destroy();
  }, []);
}

/** Older messages are further up, and Enter goes on to them. */
function stepOf({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): 1 | -1 | undefined {
  if (altKey || ctrlKey || metaKey) return undefined;
  if (key === 'Enter') return shiftKey ? -1 : 1;
  if (shiftKey) return undefined;
  return key === 'ArrowUp' ? 1 : key === 'ArrowDown' ? -1 : undefined;
}

interface BarButtonProps extends ComponentProps<'button'> {
  label: string;
}

/** Disabled by `aria-disabled` only, so that it keeps the focus. */
function BarButton({ label, disabled = false, className, ...rest }: BarButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-disabled={disabled || undefined}
      className={classes(
        'flex size-11 shrink-0 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink aria-disabled:opacity-40',
        className,
      )}
      {...rest}
    />
  );
}
