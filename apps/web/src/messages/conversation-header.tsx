import { ArrowLeft, ChevronDown, Search } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { t } from '../i18n/t.ts';
import { useGroupMenu } from '../message-groups/use-group-menu.ts';
import { useGroupState } from '../message-groups/use-group-state.ts';
import type { PersonName } from '../trpc/types.ts';
import { useBackToList } from '../ui/back-to-list.ts';
import { classes } from '../ui/classes.ts';
import { PersonSkeleton } from '../ui/skeletons.tsx';
import { Avatar } from '../users/avatar.tsx';

interface ConversationHeaderProps {
  /** Undefined before the first message. */
  messageGroupUuid: string | undefined;
  person: PersonName | undefined;
  isLoading: boolean;
  /** The search is open. On a phone, it is in place of this. */
  isSearching: boolean;
  onSearch: () => void;
}

/** The other person, who opens the panel of what can be done; on a phone, also the arrow back to the list. */
export function ConversationHeader(props: ConversationHeaderProps) {
  const { messageGroupUuid, person, isLoading, isSearching, onSearch } = props;
  return (
    <header className={classes('shrink-0 border-b border-line', isSearching && 'max-md:hidden')}>
      <div className="thread-column flex h-16 items-center gap-1 px-2">
        <Link
          to="/messages"
          replace
          onClick={useBackToList()}
          aria-label={t('thread.back')}
          className="flex size-11 shrink-0 items-center justify-center rounded-full text-muted hover:bg-hover md:hidden"
        >
          <ArrowLeft size={22} aria-hidden className="rtl:-scale-x-100" />
        </Link>
        {person ? (
          <Person person={person} messageGroupUuid={messageGroupUuid} />
        ) : (
          <>
            <h1 className="sr-only">{t('thread.conversation')}</h1>
            {isLoading ? <PersonSkeleton /> : null}
          </>
        )}
        {messageGroupUuid === undefined || person === undefined ? null : (
          <button
            type="button"
            aria-label={t('thread.search')}
            aria-expanded={isSearching}
            title={t('thread.search')}
            onClick={onSearch}
            className="ms-auto flex size-11 shrink-0 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink"
          >
            <Search size={20} aria-hidden />
          </button>
        )}
      </div>
    </header>
  );
}

type PersonProps = Pick<ConversationHeaderProps, 'messageGroupUuid'> & { person: PersonName };

function Person({ messageGroupUuid, person }: PersonProps) {
  const { handle, displayName } = person;
  return (
    <div className="relative flex min-w-0 items-center gap-3 rounded-2xl px-2 py-1 has-[button:hover]:bg-hover">
      <Avatar handle={handle} displayName={displayName} className="size-9" />
      <div className="min-w-0">
        <h1 className="truncate leading-tight font-semibold text-page-start" dir="auto">
          {displayName}
        </h1>
        <p dir="ltr" className="truncate text-sm leading-tight text-muted text-page-start">{`@${handle}`}</p>
      </div>
      {messageGroupUuid === undefined ? null : <PanelButton uuid={messageGroupUuid} person={person} />}
    </div>
  );
}

/** Covers the person: a heading in a button would not be one. */
function PanelButton({ uuid, person }: { uuid: string; person: PersonName }) {
  const state = useGroupState(uuid);
  const open = useGroupMenu();
  const [isOpen, setOpen] = useState(false);
  if (state === undefined) return null;
  const { handle, displayName } = person;
  return (
    <>
      <ChevronDown size={17} aria-hidden className="shrink-0 text-muted" />
      <button
        type="button"
        aria-label={t('thread.about', { name: displayName })}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={({ currentTarget: anchor }) => {
          setOpen(true);
          const row = { ...state, uuid, handle, displayName };
          const overlay = {
            kind: 'actions',
            row,
            isUnread: state.isMarkedUnread,
            anchor,
            place: 'panel',
          } as const;
          open(overlay, () => setOpen(false));
        }}
        className="absolute inset-0 rounded-2xl"
      />
    </>
  );
}
