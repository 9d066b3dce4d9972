import { excerptOf, parseSearchQuery } from '@cruddur/config';
import { ArrowLeft, ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import {
  type ComponentProps,
  type KeyboardEvent,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { plainText } from '../../markup/plain-text.ts';
import { cutQuery } from '../../search/cut-query.ts';
import { type MessageSearchInput, useMessageSearch } from '../../search/use-message-search.ts';
import { useMyself } from '../../session/me-context.ts';
import type { FoundMessage } from '../../trpc/types.ts';
import { TextButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { isInputMethodKey } from '../../ui/input-method.ts';
import { ThreadSearchContext } from '../thread-search-context.ts';
import { hitPosition, useHitWalk } from './hit-walk.ts';
import { placeOfFound, useHighlights } from './use-highlights.ts';
import { useWayBack } from './use-way-back.ts';

const LABEL = 'Search in this conversation';

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
}

/** Searches a conversation: walks what was found, from the newest to older ones, in the thread below. On a phone it replaces the header. */
export default function SearchBar(props: SearchBarProps) {
  const { messageGroupUuid, name, typedAhead, opening, focusedBefore, onClose } = props;
  const part = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState(() => cutQuery(typedAhead));
  const [filter, setFilter] = useState<Pick<MessageSearchInput, 'from' | 'has'>>({});
  const search = useMessageSearch({ query, messageGroupUuid, ...filter });
  const terms = useMemo(() => parseSearchQuery(query), [query]);
  const way = useWayBack(part, focusedBefore, onClose);
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
  const clear = () => {
    setQuery('');
    field.current?.focus();
  };
  const link = useContext(ThreadSearchContext);
  // For the Escape key elsewhere.
  useEffect(() => {
    link.setClose(close);
    return () => link.setClose(null);
  });

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
    <search
      ref={part}
      aria-label={LABEL}
      onKeyDown={onKeyDown}
      className="flex shrink-0 flex-col gap-2 border-b border-line px-2 py-2.5 md:px-5"
    >
      {/* That of the header, which a phone does not show. */}
      <h1 className="sr-only md:hidden">{name}</h1>
      <div className="flex items-center gap-1">
        <BarButton label="Close search" onClick={close} className="md:hidden">
          <ArrowLeft size={22} aria-hidden className="rtl:-scale-x-100" />
        </BarButton>
        <span className="relative min-w-0 grow">
          <Search size={17} aria-hidden className="pointer-events-none absolute inset-y-0 start-4 my-auto text-muted" />
          <input
            ref={field}
            type="search"
            aria-label={LABEL}
            placeholder="Search"
            enterKeyHint="search"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            value={query}
            onChange={({ currentTarget }) => setQuery(cutQuery(currentTarget.value))}
            className="h-11 w-full rounded-full border border-edge bg-paper px-10.5 text-page-start outline-none placeholder:text-muted focus:border-moss focus:ring-1 focus:ring-moss [&::-webkit-search-cancel-button]:hidden"
          />
          {query === '' ? null : (
            <BarButton label="Clear search" onClick={clear} className="absolute inset-y-0 end-0">
              <X size={17} aria-hidden />
            </BarButton>
          )}
        </span>
        <BarButton label="Older result" disabled={!walk.canStep(1)} onClick={() => walk.step(1)}>
          <ChevronUp size={20} aria-hidden />
        </BarButton>
        <BarButton label="Newer result" disabled={!walk.canStep(-1)} onClick={() => walk.step(-1)}>
          <ChevronDown size={20} aria-hidden />
        </BarButton>
        <BarButton label="Close search" onClick={close} className="max-md:hidden">
          <X size={20} aria-hidden />
        </BarButton>
      </div>
      <div className="flex items-center gap-2 px-1 md:gap-3">
        <Filters filter={filter} name={name} onFilter={setFilter} />
        <div role="status" className="ms-auto shrink-0 text-sm text-muted">
          {terms.length === 0 ? null : <Words search={search} walk={walk} />}
        </div>
      </div>
      <Notices search={search} />
    </search>
  );
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

/** One that is disabled keeps the focus. */
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

interface FiltersProps {
  filter: Pick<MessageSearchInput, 'from' | 'has'>;
  name: string;
  onFilter: (filter: FiltersProps['filter']) => void;
}

const CONTROL = 'min-h-9 rounded-full border border-edge bg-surface px-3 text-sm pointer-coarse:min-h-11';

function Filters({ filter, name, onFilter }: FiltersProps) {
  const { from, has } = filter;
  return (
    <>
      <select
        aria-label="Sender"
        value={from ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onFilter({ ...filter, from: value === 'me' || value === 'them' ? value : undefined })
        }
        className={classes(CONTROL, 'max-w-48 min-w-0 truncate')}
      >
        <option value="">From anyone</option>
        <option value="me">From me</option>
        <option value="them">{`From ${name}`}</option>
      </select>
      <label className={classes(CONTROL, 'flex shrink-0 cursor-pointer items-center gap-2')}>
        <input
          type="checkbox"
          checked={has === 'link'}
          onChange={({ currentTarget: { checked } }) => onFilter({ ...filter, has: checked ? 'link' : undefined })}
          className="size-4 accent-moss"
        />
        Has link
      </label>
    </>
  );
}

interface SearchProps {
  search: ReturnType<typeof useMessageSearch>;
}

/** What keeps the search from finding everything. */
function Notices({ search: { hits, error, notice, refetch } }: SearchProps) {
  return (
    <>
      {error ? (
        <p role="alert" className="flex items-center gap-3 px-1 text-sm text-danger">
          {hits.length === 0 ? 'Couldn’t search.' : 'Couldn’t load more results.'}
          <TextButton onClick={refetch}>Try again</TextButton>
        </p>
      ) : null}
      {notice === null ? null : (
        <p role="status" className="px-1 text-sm text-muted text-pretty">
          {notice}
        </p>
      )}
    </>
  );
}

/** Which hit is shown, or why none is. */
function Words({ search, walk }: SearchProps & { walk: ReturnType<typeof useHitWalk> }) {
  const { hits, isPending, isFetching, error } = search;
  const hit = hits[walk.index];
  if (hit === undefined) {
    if (error) return null;
    return isPending || isFetching ? 'Searching…' : hits.length === 0 ? 'Nothing found' : null;
  }
  return (
    <>
      <bdi dir="ltr" className="tabular-nums">
        {walk.isWaiting ? 'Loading…' : hitPosition(walk.index, search)}
      </bdi>
      <Said hit={hit} />
    </>
  );
}

/** What a screen reader says of a hit: the focus stays in the field. */
function Said({ hit: { message, person } }: { hit: FoundMessage }) {
  const me = useMyself();
  const sender = message.userUuid === me.uuid ? 'You' : person.displayName;
  return <span className="sr-only">{`. ${sender}: ${excerptOf(plainText(message.message))}`}</span>;
}
