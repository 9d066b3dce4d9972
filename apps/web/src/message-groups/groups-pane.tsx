import { PenLine } from 'lucide-react';
import { Suspense } from 'react';
import { t } from '../i18n/t.ts';
import { isMac, keyName } from '../shortcuts/shortcuts.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { LogoMark } from '../ui/logo.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { GroupRowsSkeleton } from '../ui/skeletons.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { AccountButton } from '../users/account-button.tsx';
import { focusGroupFilter, useGroupFilter } from './group-filter.ts';
import { GroupFilterBar } from './group-filter-bar.tsx';
import { GroupList } from './group-list.tsx';
import { GroupMenuProvider } from './group-menu-provider.tsx';
import { useMessageGroups } from './message-groups-provider.tsx';
import { SearchField } from './search/search-field.tsx';
import { useListSearch } from './search/use-list-search.ts';
import type { ReportDialogPart } from './use-group-menu.ts';
import { useRowFocus } from './use-row-focus.ts';
import type { ShownGroups } from './use-shown-groups.ts';

const SearchResults = lazyPart(() => import('./search/search-results.tsx'));
const RESULTS = [SearchResults.preload];

export interface GroupsPaneProps {
  /** The open conversation has the page's heading. */
  isConversationOpen: boolean;
  onNewMessage: () => void;
  onHelp: () => void;
  ReportDialog: ReportDialogPart;
}

/** The left pane: logo, the button for a new message, account, search and the list of groups. */
export function GroupsPane({ isConversationOpen, onNewMessage, onHelp, ReportDialog }: GroupsPaneProps) {
  const Title = isConversationOpen ? 'p' : 'h1';
  const onMac = isMac();
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-1 ps-4 pe-2">
        <LogoMark size={30} />
        <Title className="ms-1.5 grow text-lg font-semibold tracking-tight">Cruddur</Title>
        <button
          type="button"
          aria-label={t('list.newMessage')}
          title={t('list.newMessage.title', { keys: `${keyName('Ctrl', onMac)} K` })}
          aria-keyshortcuts={onMac ? 'Meta+K' : 'Control+K'}
          onClick={onNewMessage}
          className="flex size-11 items-center justify-center rounded-full text-moss hover:bg-hover"
        >
          <PenLine size={20} aria-hidden />
        </button>
        <AccountButton onHelp={onHelp} />
      </header>
      <Groups isMain={!isConversationOpen} onNewMessage={onNewMessage} ReportDialog={ReportDialog} />
      {isConversationOpen ? null : <Toasts onFocusLost={focusGroupFilter} />}
    </>
  );
}

interface GroupsProps extends Pick<GroupsPaneProps, 'onNewMessage' | 'ReportDialog'> {
  /** They are the page's main part: on a phone, nothing else is shown. */
  isMain: boolean;
}

/** The search, and what it finds; without one, the filter and the conversations that it shows. */
function Groups({ isMain, onNewMessage, ReportDialog }: GroupsProps) {
  const { shown, requests } = useMessageGroups();
  const [filter, setFilter] = useGroupFilter();
  const pane = useRowFocus(shown.rows);
  const search = useListSearch();
  usePreload(RESULTS);
  return (
    <section
      ref={pane}
      role={isMain ? 'main' : undefined}
      aria-label={t('list.label')}
      className="flex min-h-0 grow flex-col"
    >
      <SearchField search={search} />
      {search.isOn ? (
        <Suspense fallback={<GroupRowsSkeleton />}>
          <SearchResults search={search} />
        </Suspense>
      ) : null}
      {/* Hidden, the list keeps its place. */}
      <div className={search.isOn ? 'hidden' : 'flex min-h-0 grow flex-col'}>
        <GroupMenuProvider ReportDialog={ReportDialog} onFocusLost={focusGroupFilter}>
          <GroupFilterBar filter={filter} requests={requests} onFilter={setFilter} />
          <Shown {...shown} isMain={isMain} onNewMessage={onNewMessage} />
        </GroupMenuProvider>
      </div>
    </section>
  );
}

function Shown({ isMain, onNewMessage, ...shown }: ShownGroups & Omit<GroupsProps, 'ReportDialog'>) {
  const { rows, error, filter } = shown;
  if (shown.isPending && rows.length === 0) {
    return (
      <div role="status" aria-label={t('list.loading')}>
        <GroupRowsSkeleton />
      </div>
    );
  }
  if (error && rows.length === 0) {
    return (
      <PaneMessage
        alert
        title={t('list.loadFailed')}
        action={
          <Button busy={shown.isFetching} onClick={() => void shown.refetch()}>
            {t('app.tryAgain')}
          </Button>
        }
      >
        {errorWords(error)}
      </PaneMessage>
    );
  }
  if (rows.length === 0) {
    const isEmpty = filter === 'all';
    return (
      // On a wide page, the pane next to the list says the same.
      <div className={classes('flex grow flex-col', isEmpty && isMain && 'md:hidden')}>
        <PaneMessage
          title={t(`list.empty.${filter}`)}
          action={isEmpty ? <Button onClick={onNewMessage}>{t('list.newMessage')}</Button> : undefined}
        >
          {t(`list.empty.${filter}.hint`)}
        </PaneMessage>
      </div>
    );
  }
  return (
    <>
      {filter === 'requests' ? (
        <p className="shrink-0 px-4 pb-2 text-sm text-muted text-pretty">{t('list.requests.hint')}</p>
      ) : null}
      <GroupList {...shown} />
    </>
  );
}
