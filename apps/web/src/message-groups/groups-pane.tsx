import { PenLine } from 'lucide-react';
import { isMac, keyName } from '../shortcuts/shortcuts.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { Button } from '../ui/button.tsx';
import { LogoMark } from '../ui/logo.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { GroupRowsSkeleton } from '../ui/skeletons.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { AccountButton } from '../users/account-button.tsx';
import { focusGroupFilter, type GroupFilter, useGroupFilter } from './group-filter.ts';
import { GroupFilterBar } from './group-filter-bar.tsx';
import { GroupList } from './group-list.tsx';
import { GroupMenuProvider } from './group-menu-provider.tsx';
import { useMessageGroups } from './message-groups-provider.tsx';
import type { ReportDialogPart } from './use-group-menu.ts';
import { useRowFocus } from './use-row-focus.ts';
import type { ShownGroups } from './use-shown-groups.ts';

export interface GroupsPaneProps {
  /** The open conversation has the page's heading. */
  isConversationOpen: boolean;
  onNewMessage: () => void;
  onHelp: () => void;
  ReportDialog: ReportDialogPart;
}

/** The left pane: logo, account, the button for a new message, and the list of groups. */
export function GroupsPane({ isConversationOpen, onNewMessage, onHelp, ReportDialog }: GroupsPaneProps) {
  const Title = isConversationOpen ? 'p' : 'h1';
  const onMac = isMac();
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-2.5 ps-4 pe-2">
        <LogoMark size={30} />
        <Title className="grow text-lg font-semibold tracking-tight">Cruddur</Title>
        <AccountButton onHelp={onHelp} />
      </header>
      <div className="shrink-0 px-4 pb-3">
        <button
          type="button"
          aria-keyshortcuts={onMac ? 'Meta+K' : 'Control+K'}
          onClick={onNewMessage}
          className="flex h-11 w-full items-center gap-2.5 rounded-full border border-edge bg-surface px-4 text-muted hover:bg-hover"
        >
          <PenLine size={17} aria-hidden />
          New message
          <span aria-hidden="true" className="ms-auto hidden text-xs md:inline">
            {`${keyName('Ctrl', onMac)} K`}
          </span>
        </button>
      </div>
      <Groups isMain={!isConversationOpen} ReportDialog={ReportDialog} />
      {isConversationOpen ? null : <Toasts onFocusLost={focusGroupFilter} />}
    </>
  );
}

interface GroupsProps extends Pick<GroupsPaneProps, 'ReportDialog'> {
  /** They are the page's main part: on a phone, nothing else is shown. */
  isMain: boolean;
}

/** The filter and the conversations that it shows. */
function Groups({ isMain, ReportDialog }: GroupsProps) {
  const { shown, requests } = useMessageGroups();
  const [filter, setFilter] = useGroupFilter();
  const pane = useRowFocus(shown.rows);
  return (
    <section
      ref={pane}
      role={isMain ? 'main' : undefined}
      aria-label="Your conversations"
      className="flex min-h-0 grow flex-col"
    >
      <GroupMenuProvider ReportDialog={ReportDialog} onFocusLost={focusGroupFilter}>
        <GroupFilterBar filter={filter} requests={requests} onFilter={setFilter} />
        <Shown {...shown} />
      </GroupMenuProvider>
    </section>
  );
}

function Shown(shown: ShownGroups) {
  const { rows, error, filter } = shown;
  if (shown.isPending && rows.length === 0) {
    return (
      <div role="status" aria-label="Loading your conversations">
        <GroupRowsSkeleton />
      </div>
    );
  }
  if (error && rows.length === 0) {
    return (
      <PaneMessage
        alert
        title="Couldn’t load your conversations."
        action={
          <Button busy={shown.isFetching} onClick={() => void shown.refetch()}>
            Try again
          </Button>
        }
      >
        {errorWords(error)}
      </PaneMessage>
    );
  }
  if (rows.length === 0) return <PaneMessage title={EMPTY[filter].title}>{EMPTY[filter].words}</PaneMessage>;
  return (
    <>
      {filter === 'requests' ? (
        <p className="shrink-0 px-4 pb-2 text-sm text-muted text-pretty">
          Senders can’t see whether you’ve read their requests.
        </p>
      ) : null}
      <GroupList {...shown} />
    </>
  );
}

const EMPTY: Record<GroupFilter, { title: string; words: string }> = {
  all: { title: 'No messages yet.', words: 'Start a conversation with “New message”.' },
  unread: { title: 'Nothing unread.', words: 'Conversations with new messages appear here.' },
  requests: {
    title: 'No requests.',
    words: 'First messages from people you don’t know appear here. They can’t see whether you’ve read them.',
  },
};
