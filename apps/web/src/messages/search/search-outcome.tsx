import { excerptOf } from '@cruddur/config';
import { plainText } from '../../markup/plain-text.ts';
import type { useMessageSearch } from '../../search/use-message-search.ts';
import { useMyself } from '../../session/me-context.ts';
import { errorWords } from '../../trpc/reason-words.ts';
import type { FoundMessage } from '../../trpc/types.ts';
import { TextButton } from '../../ui/button.tsx';
import { hitPosition, type useHitWalk } from './hit-walk.ts';

interface SearchProps {
  search: ReturnType<typeof useMessageSearch>;
}

/** What keeps the search from finding everything. */
export function SearchNotices({ search: { hits, error, notice }, onRetry }: SearchProps & { onRetry: () => void }) {
  return (
    <>
      {error ? (
        <p role="alert" className="flex items-center gap-3 px-1 text-sm text-danger">
          {`${hits.length === 0 ? 'Couldn’t search.' : 'Couldn’t load more results.'} ${errorWords(error)}`}
          <TextButton onClick={onRetry}>Try again</TextButton>
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
export function SearchPosition({ search, walk }: SearchProps & { walk: ReturnType<typeof useHitWalk> }) {
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
