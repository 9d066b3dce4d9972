import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useParams } from 'wouter';
import { t } from '../i18n/t.ts';
import { focusGroupFilter } from '../message-groups/group-filter.ts';
import { GroupMenuProvider } from '../message-groups/group-menu-provider.tsx';
import { useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import { useGroupState } from '../message-groups/use-group-state.ts';
import { useDrafts } from '../outbox/outbox-context.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { errorWords } from '../trpc/reason-words.ts';
import type { PersonName } from '../trpc/types.ts';
import { isTouchOnly } from '../ui/browser.ts';
import { Button } from '../ui/button.tsx';
import { lazyPart } from '../ui/lazy-part.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { navigate, useHistoryEntry } from '../ui/page-router.tsx';
import { useTitle } from '../ui/page-title.ts';
import { ThreadSkeleton } from '../ui/skeletons.tsx';
import { handleInPath } from '../ui/text.ts';
import { MessageActionsProvider } from './actions/message-actions-provider.tsx';
import { ThreadToasts } from './actions/thread-toasts.tsx';
import { ComposerPlace, useObstacle } from './composer-place.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { isDeclined, OBSTACLE_BAR_ID } from './obstacle.ts';
import { ReachContext } from './reach-context.ts';
import { ThreadPane } from './thread-pane.tsx';
import { ThreadSearch, useThreadSearch } from './thread-search.tsx';
import { createThreadSearchLink, ThreadSearchContext } from './thread-search-context.ts';
import { TypingLine, useSignalTyping } from './typing.tsx';
import { type Conversation, useGroupConversation, usePersonConversation } from './use-conversation.ts';

const ReportDialog = lazyPart(() => import('./report-dialog.tsx'));

/** Thread and composer of a group, or, by handle, of a person without a group yet. */
export function ConversationPage() {
  const { messageGroupUuid, handle: typed } = useParams();
  const handle = typed === undefined ? undefined : handleInPath(typed);
  const { state } = useHistoryEntry();
  const drafts = useDrafts();
  const inGroup = useGroupConversation(messageGroupUuid);
  const withPerson = usePersonConversation(handle);
  const conversation = handle === undefined ? inGroup : withPerson.conversation;

  // As soon as the two have a group, its page replaces this one.
  const group = handle === undefined ? undefined : withPerson.messageGroupUuid;
  useEffect(() => {
    if (group === undefined || handle === undefined) return;
    drafts.move({ handle }, { messageGroupUuid: group });
    navigate(`/messages/${group}`, { replace: true, state });
  }, [group, handle, drafts, state]);

  const { kind } = conversation;
  const person = kind === 'ready' ? conversation.person : undefined;
  const isLoading = kind === 'loading' || (kind === 'ready' && person === undefined);
  const title = kind === 'user_not_found' || kind === 'group_not_found' ? 'thread.notFound' : 'thread.title';
  useTitle(person?.displayName ?? t(title), useMessageGroups().unread.total);
  const field = useRef<HTMLTextAreaElement>(null);
  const focusComposer = useCallback(() => {
    if (isTouchOnly()) return;
    (field.current ?? document.getElementById(OBSTACLE_BAR_ID))?.focus();
  }, []);
  const search = useThreadSearch(kind === 'ready' ? messageGroupUuid : undefined);
  const [searchLink] = useState(createThreadSearchLink);
  return (
    <MessageActionsProvider field={field} onFocusLost={focusComposer}>
      <GroupMenuProvider ReportDialog={ReportDialog} onFocusLost={focusComposer}>
        <ThreadSearchContext value={searchLink}>
          <ConversationHeader
            messageGroupUuid={messageGroupUuid}
            person={person}
            isLoading={isLoading}
            isSearching={search.opened !== undefined}
            onSearch={search.open}
          />
          <ThreadSearch search={search} name={person?.displayName ?? t('thread.someone')} onFocusLost={focusComposer} />
          {conversation.kind === 'ready' ? (
            <ReadyConversation {...{ ...conversation, field, focusComposer }} />
          ) : (
            <>
              <NoConversation conversation={conversation} />
              <ThreadToasts onFocusLost={focusGroupFilter} />
            </>
          )}
        </ThreadSearchContext>
      </GroupMenuProvider>
    </MessageActionsProvider>
  );
}

function NoConversation({ conversation }: { conversation: Exclude<Conversation, { kind: 'ready' }> }) {
  switch (conversation.kind) {
    case 'loading':
      return <ThreadSkeleton />;
    case 'self':
      return <PaneMessage title={t('thread.isSelf')} action={<ToList />} />;
    case 'user_not_found':
      return (
        <PaneMessage title={t('thread.noHandle', { handle: conversation.handle })} action={<ToList />}>
          {t('thread.checkSpelling')}
        </PaneMessage>
      );
    case 'group_not_found':
      return (
        <PaneMessage title={t('thread.noGroup')} action={<ToList />}>
          {t('thread.noGroup.hint')}
        </PaneMessage>
      );
    case 'error':
      return (
        <PaneMessage
          alert
          title={t('thread.failed')}
          action={<Button onClick={conversation.retry}>{t('thread.tryAgain')}</Button>}
        >
          {errorWords(conversation.error)}
        </PaneMessage>
      );
  }
}

interface ReadyConversationProps {
  target: Target;
  person: PersonName | undefined;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Focuses the composer, or what is in its place, unless the device is touch only. */
  focusComposer: () => void;
}

function ReadyConversation({ target, person, field, focusComposer }: ReadyConversationProps) {
  const signalTyping = useSignalTyping(target);
  const obstacle = useObstacle(target);
  useLeaveDeclined(target);
  const reach = useMemo(() => ({ canWrite: obstacle === null, hasLinks: obstacle !== 'request' }), [obstacle]);
  return (
    <ReachContext value={reach}>
      <ThreadPane target={target} person={person} focusComposer={focusComposer} />
      <ThreadToasts onFocusLost={focusComposer} />
      <TypingLine target={target} name={person?.displayName ?? t('thread.someoneFirst')} />
      <ComposerPlace obstacle={obstacle} target={target} person={person} onWrite={signalTyping} field={field} />
    </ReachContext>
  );
}

/** A request that was deleted, here or on another device, is left for the list that it was opened from. */
function useLeaveDeclined(target: Target): void {
  const { search } = useHistoryEntry();
  const group = 'messageGroupUuid' in target ? target.messageGroupUuid : undefined;
  const state = useGroupState(group);
  const before = useRef({ group, state });
  const isLeaving = useRef(false);
  useEffect(() => {
    const was = before.current;
    before.current = { group, state };
    if (was.group !== group || !isDeclined(was.state, state)) return;
    isLeaving.current = true;
    navigate(`/messages${search}`, { replace: true });
  }, [group, state, search]);
  useEffect(
    () => () => {
      if (isLeaving.current && document.activeElement === document.body) focusGroupFilter();
    },
    [],
  );
}

function ToList() {
  return (
    <Link to="/messages" className="font-medium text-moss underline underline-offset-4">
      {t('thread.toList')}
    </Link>
  );
}
