import { ArrowLeft } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router-dom';
import { useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import { useDrafts } from '../outbox/outbox-context.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { errorWords } from '../trpc/reason-words.ts';
import type { PersonName } from '../trpc/types.ts';
import { useBackToList } from '../ui/back-to-list.ts';
import { isTouchOnly } from '../ui/browser.ts';
import { Button } from '../ui/button.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { useTitle } from '../ui/page-title.ts';
import { PersonSkeleton, ThreadSkeleton } from '../ui/skeletons.tsx';
import { withoutAt } from '../ui/text.ts';
import { Avatar } from '../users/avatar.tsx';
import { MessageActionsProvider } from './actions/message-actions-provider.tsx';
import { ThreadToasts } from './actions/thread-toasts.tsx';
import { Composer } from './composer.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { TypingLine, useSignalTyping } from './typing.tsx';
import { type Conversation, useGroupConversation, usePersonConversation } from './use-conversation.ts';

/** Thread and composer of a group, or, by handle, of a person without a group yet. */
export function ConversationPage() {
  const { messageGroupUuid, handle: typed } = useParams();
  const handle = typed === undefined ? undefined : withoutAt(typed);
  const navigate = useNavigate();
  const { state } = useLocation();
  const drafts = useDrafts();
  const inGroup = useGroupConversation(messageGroupUuid);
  const withPerson = usePersonConversation(handle);
  const conversation = handle === undefined ? inGroup : withPerson.conversation;

  // As soon as the two have a group, its page replaces this one.
  const group = handle === undefined ? undefined : withPerson.messageGroupUuid;
  useEffect(() => {
    if (group === undefined || handle === undefined) return;
    drafts.move({ handle }, { messageGroupUuid: group });
    void navigate(`/messages/${group}`, { replace: true, state });
  }, [group, handle, drafts, navigate, state]);

  const { kind } = conversation;
  const person = kind === 'ready' ? conversation.person : undefined;
  const isLoading = kind === 'loading' || (kind === 'ready' && person === undefined);
  const title = kind === 'user_not_found' || kind === 'group_not_found' ? 'Not found' : 'Messages';
  useTitle(person?.displayName ?? title, useMessageGroups().unread.total);
  return (
    <>
      <ConversationHeader person={person} isLoading={isLoading} />
      <ConversationBody conversation={conversation} />
    </>
  );
}

/** The other person; on a phone, also the arrow back to the list. */
function ConversationHeader({ person, isLoading }: { person: PersonName | undefined; isLoading: boolean }) {
  return (
    <header className="flex h-16 shrink-0 items-center gap-3 border-b border-line px-2 md:px-5">
      <Link
        to="/messages"
        replace
        onClick={useBackToList()}
        aria-label="Back to your conversations"
        className="flex size-11 items-center justify-center rounded-full text-muted hover:bg-hover md:hidden"
      >
        <ArrowLeft size={22} aria-hidden />
      </Link>
      {person ? (
        <>
          <Avatar handle={person.handle} displayName={person.displayName} className="size-9" />
          <div className="min-w-0">
            <h1 className="truncate font-semibold leading-tight" dir="auto">
              {person.displayName}
            </h1>
            <p className="truncate text-sm leading-tight text-muted">{`@${person.handle}`}</p>
          </div>
        </>
      ) : (
        <>
          <h1 className="sr-only">Conversation</h1>
          {isLoading ? <PersonSkeleton /> : null}
        </>
      )}
    </header>
  );
}

function ConversationBody({ conversation }: { conversation: Conversation }) {
  switch (conversation.kind) {
    case 'ready':
      return <ReadyConversation target={conversation.target} person={conversation.person} />;
    case 'loading':
      return <ThreadSkeleton />;
    case 'self':
      return <PaneMessage title="You can’t message yourself." action={<ToList />} />;
    case 'user_not_found':
      return (
        <PaneMessage title={`No one has the handle @${conversation.handle}.`} action={<ToList />}>
          Check the spelling.
        </PaneMessage>
      );
    case 'group_not_found':
      return (
        <PaneMessage title="Conversation not found." action={<ToList />}>
          The link may be wrong, or you may not have access.
        </PaneMessage>
      );
    case 'error':
      return (
        <PaneMessage
          alert
          title="Couldn’t load this conversation."
          action={<Button onClick={conversation.retry}>Try again</Button>}
        >
          {errorWords(conversation.error)}
        </PaneMessage>
      );
  }
}

function ReadyConversation({ target, person }: { target: Target; person: PersonName | undefined }) {
  const signalTyping = useSignalTyping(target);
  const field = useRef<HTMLTextAreaElement>(null);
  const focusComposer = useCallback(() => {
    if (!isTouchOnly()) field.current?.focus();
  }, []);
  return (
    <MessageActionsProvider field={field}>
      <ThreadPane target={target} person={person} focusComposer={focusComposer} />
      <ThreadToasts onFocusLost={focusComposer} />
      <TypingLine target={target} name={person?.displayName ?? 'The other person'} />
      <Composer target={target} person={person} onWrite={signalTyping} field={field} />
    </MessageActionsProvider>
  );
}

function ToList() {
  return (
    <Link to="/messages" className="font-medium text-moss underline underline-offset-4">
      Back to messages
    </Link>
  );
}
