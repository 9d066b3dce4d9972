import { excerptOf } from '@cruddur/config';
import { t } from '../../i18n/t.ts';
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
  const failed = hits.length === 0 ? 'thread.search.failed' : 'thread.search.moreFailed';
  return (
    <>
      {error ? (
        <p role="alert" className="flex items-center gap-3 px-1 text-sm text-danger">
          {t(failed, { reason: errorWords(error) })}
          <TextButton onClick={onRetry}>{t('thread.tryAgain')}</TextButton>
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
    return isPending || isFetching
      ? t('thread.search.searching')
      : hits.length === 0
        ? t('thread.search.nothing')
        : null;
  }
  return (
    <>
      <bdi dir="ltr" className="tabular-nums">
        {walk.isWaiting ? t('thread.loading') : hitPosition(walk.index, search)}
      </bdi>
      <Said hit={hit} />
    </>
  );
}

/** What a screen reader says of a hit: the focus stays in the field. */
function Said({ hit: { message, person } }: { hit: FoundMessage }) {
  const me = useMyself();
  const sender = message.userUuid === me.uuid ? t('thread.you') : person.displayName;
  return (
    <span className="sr-only">
      {t('thread.search.hit', { name: sender, text: excerptOf(plainText(message.message)) })}
    </span>
  );
}
