import { useCallback, useEffect, useRef } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router-dom';
import { useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import { useDrafts } from '../outbox/outbox-context.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { errorWords } from '../trpc/reason-words.ts';
import type { PersonName } from '../trpc/types.ts';
import { isTouchOnly } from '../ui/browser.ts';
import { Button } from '../ui/button.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { useTitle } from '../ui/page-title.ts';
import { ThreadSkeleton } from '../ui/skeletons.tsx';
import { withoutAt } from '../ui/text.ts';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { TypingLine } from './typing-line.tsx';
import { type Conversation, useGroupConversation, usePersonConversation } from './use-conversation.ts';
import { useSignalTyping } from './use-signal-typing.ts';

/** A group's thread and composer; or, by handle, those for a person without a group yet. */
export function ConversationPage() {
  const { messageGroupUuid, handle: typed } = useParams();
  const handle = typed === undefined ? undefined : withoutAt(typed);
  const navigate = useNavigate();
  const { state } = useLocation();
  const drafts = useDrafts();
  const inGroup = useGroupConversation(messageGroupUuid);
  const withPerson = usePersonConversation(handle);
  const conversation = handle === undefined ? inGroup : withPerson.conversation;

  // The two have a group, perhaps since a moment ago: its page replaces this one.
  const group = handle === undefined ? undefined : withPerson.messageGroupUuid;
  useEffect(() => {
    if (group === undefined || handle === undefined) return;
    drafts.move({ handle }, { messageGroupUuid: group });
    void navigate(`/messages/${group}`, { replace: true, state });
  }, [group, handle, drafts, navigate, state]);

  const person = conversation.kind === 'ready' ? conversation.person : undefined;
  useTitle(person?.displayName ?? (isAbsent(conversation) ? 'Not found' : 'Messages'), useMessageGroups().unread.total);
  return (
    <>
      <ConversationHeader person={person} isLoading={isLoading(conversation)} />
      <ConversationBody conversation={conversation} />
    </>
  );
}

function isLoading(conversation: Conversation): boolean {
  return conversation.kind === 'loading' || (conversation.kind === 'ready' && conversation.person === undefined);
}

const isAbsent = ({ kind }: Conversation) => kind === 'user_not_found' || kind === 'group_not_found';

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
    <>
      <ThreadPane target={target} person={person} focusComposer={focusComposer} />
      <TypingLine target={target} name={person?.displayName ?? 'The other person'} />
      <Composer target={target} person={person} onWrite={signalTyping} field={field} />
    </>
  );
}

function ToList() {
  return (
    <Link to="/messages" className="font-medium text-moss underline underline-offset-4">
      Back to messages
    </Link>
  );
}
