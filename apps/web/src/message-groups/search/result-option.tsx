import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { t } from '../../i18n/t.ts';
import { MarkedText } from '../../search/marked-text.tsx';
import { formatAge, formatFull } from '../../time/format-time.ts';
import type { PersonName } from '../../trpc/types.ts';
import { useListState } from '../../ui/back-to-list.ts';
import { classes } from '../../ui/classes.ts';
import { Avatar } from '../../users/avatar.tsx';
import { filterQuery, type GroupFilter } from '../group-filter.ts';
import { RowText } from '../row-text.tsx';
import { lastMessageWords } from '../row-words.ts';
import type { Result } from './results.ts';

interface ResultOptionProps {
  result: Result;
  isActive: boolean;
  myUuid: string;
  /** Milliseconds since the epoch. */
  now: number;
  filter: GroupFilter;
}

/** A found person, conversation or message: a link that the field’s keys choose. */
export function ResultOption({ result, isActive, myUuid, now, filter }: ResultOptionProps) {
  const person = personOf(result);
  const query = filterQuery(filter);
  const to = result.path.includes('?') ? result.path + query.replace('?', '&') : result.path + query;
  return (
    <Link
      id={result.id}
      role="option"
      aria-selected={isActive}
      tabIndex={-1}
      draggable={false}
      to={to}
      state={useListState()}
      className={classes(
        'mx-2 flex min-h-14 scroll-mt-10 items-center gap-3 rounded-2xl px-2 py-2',
        isActive ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <Avatar handle={person.handle} displayName={person.displayName} className="size-10 self-start" />
      <span className="min-w-0 grow">
        {result.kind === 'message' ? (
          <MessageText {...{ hit: result.hit, myUuid, now }} />
        ) : (
          <>
            <Name person={person} />
            {result.kind === 'group' ? (
              <RowText words={lastMessageWords(result.row, myUuid)} className="block" />
            ) : null}
          </>
        )}
      </span>
    </Link>
  );
}

function personOf(result: Result): PersonName {
  if (result.kind === 'message') return result.hit.person;
  return result.kind === 'group' ? result.row : result.person;
}

function Name({ person, children }: { person: PersonName; children?: ReactNode }) {
  return (
    <span className="flex items-start gap-1.5">
      <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-1.5">
        <span className="max-w-full truncate font-semibold" dir="auto">
          {person.displayName}
        </span>
        <span dir="ltr" className="max-w-full truncate text-sm text-muted">{`@${person.handle}`}</span>
      </span>
      {children}
    </span>
  );
}

type MessageTextProps = { hit: Extract<Result, { kind: 'message' }>['hit'] } & Pick<
  ResultOptionProps,
  'myUuid' | 'now'
>;

function MessageText({ hit: { message, person, ranges }, myUuid, now }: MessageTextProps) {
  const time = Date.parse(message.createdAt);
  return (
    <>
      <span className="flex items-baseline gap-1.5">
        <span className="min-w-0 grow truncate font-semibold text-page-start" dir="auto">
          {person.displayName}
        </span>
        <time
          dir="auto"
          dateTime={message.createdAt}
          title={formatFull(time)}
          className="shrink-0 text-xs leading-6 text-muted"
        >
          {formatAge(time, now)}
        </time>
      </span>
      <MarkedText text={message.message} ranges={ranges} className="line-clamp-2 text-sm text-muted text-page-start">
        {message.userUuid === myUuid ? <bdi>{t('list.row.own')}</bdi> : null}{' '}
      </MarkedText>
    </>
  );
}
