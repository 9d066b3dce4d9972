import { CloudOff } from 'lucide-react';
import { Suspense, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useParams } from 'wouter';
import { t } from '../i18n/t.ts';
import { asksForAttention } from '../message-groups/filter-rows.ts';
import { filterQuery } from '../message-groups/group-filter.ts';
import { GroupsPane } from '../message-groups/groups-pane.tsx';
import { rowPath } from '../message-groups/list-rows.ts';
import { useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import { focusListSearch } from '../message-groups/search/use-list-search.ts';
import { ConversationPage } from '../messages/conversation-page.tsx';
import { neighbour, neighbourAmong, useShortcuts } from '../shortcuts/shortcuts.ts';
import { contactWords } from '../trpc/reason-words.ts';
import { useContactState } from '../trpc/server-contact.ts';
import { PaneBoundary } from '../ui/boundaries.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { KeyHolder, lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { localStore } from '../ui/local-store.ts';
import { Banner, PaneMessage } from '../ui/notice.tsx';
import { navigate, useHistoryEntry } from '../ui/page-router.tsx';
import { useTitle } from '../ui/page-title.ts';
import { ClockContext } from '../ui/timers.ts';
import { readLaunch } from './launch.ts';
import { UpdateBanner } from './update.tsx';

const PersonPicker = lazyPart(() => import('../users/person-picker.tsx'));
const ReportDialog = lazyPart(() => import('../messages/report-dialog.tsx'));
const ShortcutHelp = lazyPart(() => import('../shortcuts/shortcut-help.tsx'));
type DialogName = 'new_message' | 'help';
const DIALOGS = [PersonPicker.preload, ReportDialog.preload, ShortcutHelp.preload];

/** The list of groups next to the open conversation; on a phone, one or the other. */
export function MessagesPage() {
  const { messageGroupUuid, handle } = useParams();
  const { pathname, search } = useHistoryEntry();
  const [launch, setLaunch] = useState(() => readLaunch(search));
  const [dialog, setDialog] = useState<DialogName | null>(launch && 'new_message');
  const closeDialog = useCallback(() => {
    setDialog(null);
    setLaunch(null);
  }, []);
  // A reload must not open the dialog again, nor the history keep what was shared.
  useEffect(() => {
    if (readLaunch(search) !== null) navigate(pathname, { replace: true });
  }, [pathname, search]);
  const openNewMessage = () => setDialog('new_message');
  usePreload(DIALOGS);
  const isOpen = messageGroupUuid !== undefined || handle !== undefined;

  return (
    <div className="flex h-full flex-col overflow-hidden">
      <Shortcuts openGroup={messageGroupUuid} isDialogOpen={dialog !== null} onDialog={setDialog} />
      <ConnectionBanner />
      <StorageBanner />
      <UpdateBanner />
      <div className="flex min-h-0 grow">
        <div
          className={classes(
            'min-h-0 w-full flex-col border-line md:flex md:w-88 md:shrink-0 2xl:w-104 md:border-e',
            isOpen ? 'hidden' : 'flex',
          )}
        >
          <PaneBoundary title={t('app.listBroken')} resetKey={pathname}>
            <GroupsPane
              isConversationOpen={isOpen}
              onNewMessage={openNewMessage}
              onHelp={() => setDialog('help')}
              ReportDialog={ReportDialog}
            />
          </PaneBoundary>
        </div>
        <section
          role={isOpen ? 'main' : undefined}
          aria-label={t('app.conversation')}
          className={classes('min-h-0 min-w-0 grow flex-col bg-surface md:flex', isOpen ? 'flex' : 'hidden')}
        >
          <PaneBoundary title={t('app.conversationBroken')} resetKey={pathname}>
            {isOpen ? <ConversationPage /> : <NoConversationPage onNewMessage={openNewMessage} />}
          </PaneBoundary>
        </section>
      </div>
      {dialog ? <Dialog name={dialog} shared={launch?.text ?? ''} onClose={closeDialog} /> : null}
    </div>
  );
}

function ConnectionBanner() {
  const contact = useContactState();
  const words = contact === 'ok' ? null : t(`app.contact.${contact}`, { reason: contactWords(contact) });
  return <Banner words={words} icon={<CloudOff size={16} aria-hidden className="shrink-0" />} />;
}

function StorageBanner() {
  const isStored = useSyncExternalStore(localStore.onStoredChange, localStore.isStored);
  return <Banner words={isStored ? null : t('app.notStored')} />;
}

interface DialogProps {
  name: DialogName;
  /** A text for the person who is picked. */
  shared: string;
  onClose: () => void;
}

/** Keeps what is typed while the dialog's code loads. */
function Dialog({ name, shared, onClose }: DialogProps) {
  const typedAhead = useRef('');
  const onTypedAhead = (text: string) => {
    typedAhead.current = text;
  };
  return (
    <Suspense fallback={<KeyHolder label={t('app.dialogLoading')} onText={onTypedAhead} onClose={onClose} />}>
      {name === 'help' ? (
        <ShortcutHelp onClose={onClose} />
      ) : (
        <PersonPicker typedAhead={typedAhead} shared={shared} onClose={onClose} />
      )}
    </Suspense>
  );
}

interface ShortcutsProps {
  openGroup: string | undefined;
  isDialogOpen: boolean;
  onDialog: (name: DialogName) => void;
}

/** A separate component, because the list changes with each message and the page around it does not. */
function Shortcuts({ openGroup, isDialogOpen, onDialog }: ShortcutsProps) {
  const { rows, counts, filter } = useMessageGroups().shown;
  const clock = useContext(ClockContext);
  const uuids = rows.map(({ uuid }) => uuid);
  const goTo = (uuid: string | undefined) => {
    const row = rows[uuids.indexOf(uuid ?? '')];
    if (row) navigate(rowPath(row) + filterQuery(filter));
  };
  const goToNeighbour = (step: 1 | -1) => goTo(neighbour(uuids, openGroup, step));
  const goToUnread = (step: 1 | -1) => {
    const unread = new Set(rows.filter((row) => asksForAttention(row, counts, clock())).map(({ uuid }) => uuid));
    goTo(neighbourAmong(uuids, openGroup, step, (uuid) => unread.has(uuid)));
  };
  const unlessInDialog = (act: () => void) => () => {
    if (!isDialogOpen) act();
  };
  useShortcuts({
    help: () => onDialog('help'),
    new_message: () => onDialog('new_message'),
    search: unlessInDialog(focusListSearch),
    next_group: unlessInDialog(() => goToNeighbour(1)),
    previous_group: unlessInDialog(() => goToNeighbour(-1)),
    next_unread: unlessInDialog(() => goToUnread(1)),
    previous_unread: unlessInDialog(() => goToUnread(-1)),
  });
  return null;
}

function NoConversationPage({ onNewMessage }: { onNewMessage: () => void }) {
  const { unread, isSuccess, rows } = useMessageGroups();
  useTitle(t('app.messages'), unread.total);
  const isEmpty = isSuccess && rows.length === 0;
  return (
    <PaneMessage
      title={isEmpty ? t('list.empty.all') : t('app.select')}
      action={<Button onClick={onNewMessage}>{t('list.newMessage')}</Button>}
    >
      {isEmpty ? t('list.empty.all.hint') : t('app.select.hint')}
    </PaneMessage>
  );
}
