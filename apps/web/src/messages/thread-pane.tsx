import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useContext, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { getLive } from '../cache/live-state.ts';
import { compareTimes } from '../cache/pages.ts';
import { unreadCountOf } from '../cache/unread-state.ts';
import { t } from '../i18n/t.ts';
import { useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import { useGroupState, useOpenedGroup } from '../message-groups/use-group-state.ts';
import { useTargetItems } from '../outbox/outbox-context.ts';
import type { OutboxItem, Target } from '../outbox/outbox-item.ts';
import { useMyself } from '../session/me-context.ts';
import type { Message, PersonName } from '../trpc/types.ts';
import { lazyPart } from '../ui/lazy-part.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { ThreadSkeleton } from '../ui/skeletons.tsx';
import { useLoaded } from '../ui/use-loaded.ts';
import { useMarkRead, useReadTimes } from '../unread/use-mark-read.ts';
import { Avatar } from '../users/avatar.tsx';
import { useMessageActions } from './actions/message-actions-context.ts';
import { ReachContext } from './reach-context.ts';
import { Thread } from './thread.tsx';
import { countTheirs, createRowBuilder, lastSeen } from './thread-rows.ts';
import { isMessageTime, type MessageLink, useMessageLink } from './use-message-link.ts';
import { useMessages, useThreadHead } from './use-messages.ts';
import { atUnread, openingAt, openingAtUnread, type ThreadWindow, useThreadWindow } from './use-thread-window.ts';
import { type ReadState, useUnreadSpan } from './use-unread-span.ts';
import { useVisit } from './use-visit.ts';

const NONE: readonly OutboxItem[] = [];
const NONE_TO_READ: readonly Message[] = [];

// No thread should wait for it: what is there when it has loaded is not announced.
const ChangeAnnouncer = lazyPart(() => import('./actions/change-announcer.tsx'));

interface ThreadPaneProps {
  target: Target;
  person: PersonName | undefined;
  /** Moves the focus to the composer, unless the device is touch only. */
  focusComposer: () => void;
}

/** The messages of a conversation, including the unsent ones. */
export function ThreadPane(props: ThreadPaneProps) {
  const { target } = props;
  const messageGroupUuid = 'messageGroupUuid' in target ? target.messageGroupUuid : undefined;
  const { key, ...visit } = useVisit(messageGroupUuid);
  return <Visit key={key} messageGroupUuid={messageGroupUuid} {...visit} {...props} />;
}

interface VisitProps extends ThreadPaneProps {
  messageGroupUuid?: string | undefined;
  isOld: boolean;
  onIntent: () => void;
}

function Visit({ target, person, focusComposer, messageGroupUuid, isOld, onIntent }: VisitProps) {
  const me = useMyself();
  const outbox = useTargetItems(target);
  const query = useMessages(messageGroupUuid);
  useThreadHead(messageGroupUuid, query);
  useOpenedGroup(messageGroupUuid, person?.handle);
  const readTimes = useReadTimes(messageGroupUuid);
  const { isSettled, readState } = useReadState(messageGroupUuid, readTimes);
  const isLoaded = query.data !== undefined && isSettled;
  const unread = useUnreadSpan({ messages: query.messages, myUuid: me.uuid, readState, isLoaded });
  const link = useMessageLink();
  const [{ key, at }] = useState(link);
  const isLinked = at !== null && isMessageTime(at);
  const home = isOld ? atUnread : openingAtUnread;
  const opening = unread && (isLinked ? openingAt(query, at) : home(query, unread, me.uuid));
  const window = useThreadWindow(messageGroupUuid, query, opening);
  const { messages } = window;
  // What is unread is marked once it is certain that nothing is missing.
  const toRead = isOld ? NONE_TO_READ : messages;
  const observe = useMarkRead({ messageGroupUuid, messages: toRead, readAt: readTimes.mine });
  const [buildRows] = useState(createRowBuilder);
  const sending = window.isAtNewest ? outbox : NONE;
  const rows = useMemo(
    () => buildRows({ messages, outbox: sending, myUuid: me.uuid, unread }),
    [buildRows, messages, sending, me.uuid, unread],
  );
  const canAnnounce = useLoaded(ChangeAnnouncer);
  const actions = useMessageActions();
  const { canWrite } = useContext(ReachContext);
  useEffect(() => actions.setThread(rows, canWrite), [actions, rows, canWrite]);
  const seen = useMemo(
    () => lastSeen(query.messages, me.uuid, readTimes.others),
    [query.messages, me.uuid, readTimes.others],
  );
  // Not as it is now: what another device shows is read, but new to the reader here.
  const readThrough = Date.parse(unread?.after ?? '') || 0;
  const countAfter = useCallback(
    // A link or a jump may lead above messages that were read long ago.
    (time: number) => countTheirs(query.messages, me.uuid, Math.max(time, readThrough)),
    [query.messages, me.uuid, readThrough],
  );
  useReturnOnSending(outbox, window, link);

  if (messageGroupUuid !== undefined && (!isLoaded || window.isOpening)) return <ThreadSkeleton />;
  if (rows.length === 0) return <EmptyThread messageGroupUuid={messageGroupUuid} person={person} />;
  const name = person?.displayName ?? t('thread.someone');
  return (
    <>
      {canAnnounce ? <ChangeAnnouncer messages={messages} name={name} /> : null}
      <Thread
        rows={rows}
        name={name}
        window={window}
        link={link}
        openedLink={{ key, at }}
        countAfter={countAfter}
        seen={seen}
        observe={observe}
        onIntent={onIntent}
        focusComposer={focusComposer}
      />
    </>
  );
}

function EmptyThread({ messageGroupUuid, person }: Pick<ThreadPaneProps, 'person'> & { messageGroupUuid?: string }) {
  const { canWrite } = useContext(ReachContext);
  const hasRemoved = useGroupState(messageGroupUuid)?.clearedThrough != null;
  const none = canWrite ? 'thread.sayHello' : 'thread.none';
  return (
    <PaneMessage
      picture={person ? <Avatar {...person} className="size-16 text-2xl!" /> : null}
      title={person ? t('thread.youAnd', { name: person.displayName }) : t('thread.newConversation')}
    >
      {t(hasRemoved ? 'thread.cleared' : none)}
    </PaneMessage>
  );
}

/** How far the person has read. Without a marker, the list knows what is unread. */
function useReadState(messageGroupUuid: string | undefined, { mine, isSettled }: ReturnType<typeof useReadTimes>) {
  const client = useQueryClient();
  const { groups, isLoading } = useMessageGroups();
  return {
    isSettled: isSettled && (mine !== null || !isLoading),
    readState: (): ReadState => {
      const counted = getLive(client).unread[messageGroupUuid ?? ''];
      const listed = groups.find(({ uuid }) => uuid === messageGroupUuid);
      // Counted as read before the server has confirmed the marker.
      const isAhead = mine && counted?.readAt && compareTimes(counted.readAt, mine) > 0;
      return {
        readAt: isAhead ? counted.readAt : mine,
        unreadCount: counted ? unreadCountOf(counted) : listed?.unreadCount,
      };
    },
  };
}

/** The reader's own message is always followed. */
function useReturnOnSending(
  outbox: readonly OutboxItem[],
  { isAtNewest, leave }: ThreadWindow,
  { drop }: MessageLink,
): void {
  const newest = outbox.at(-1)?.clientMessageUuid;
  const before = useRef(newest);
  const onSending = useEffectEvent(() => {
    drop();
    if (!isAtNewest) leave();
  });
  useEffect(() => {
    const isNew = newest !== before.current;
    before.current = newest;
    if (isNew && newest !== undefined) onSending();
  }, [newest]);
}
