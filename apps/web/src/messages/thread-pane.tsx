import { useCallback, useMemo } from 'react';
import { useOutbox, useTargetItems } from '../outbox/outbox-context.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { useMyself } from '../session/me-context.ts';
import type { Message } from '../trpc/types.ts';
import { PaneMessage } from '../ui/pane-message.tsx';
import { ThreadSkeleton } from '../ui/skeletons.tsx';
import { useMarkRead } from '../unread/use-mark-read.ts';
import { Thread } from './thread.tsx';
import { buildThreadRows, lastSeenKey } from './thread-rows.ts';
import type { Person } from './use-conversation.ts';
import { useMessages } from './use-messages.ts';
import { useReadTimes } from './use-read-times.ts';
import { useThreadHead } from './use-thread-head.ts';

export interface ThreadPaneProps {
  target: Target;
  person: Person | undefined;
  /** Moves the focus to the composer, unless the device is touch only. */
  focusComposer: () => void;
}

/** The messages of a conversation, those on their way among them. */
export function ThreadPane({ target, person, focusComposer }: ThreadPaneProps) {
  const messageGroupUuid = 'messageGroupUuid' in target ? target.messageGroupUuid : undefined;
  const me = useMyself();
  const outbox = useOutbox();
  const waiting = useTargetItems(target);
  const query = useMessages(messageGroupUuid);
  const { fetchNextPage } = query;
  const load = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const isLoaded = query.data !== undefined;
  useThreadHead(messageGroupUuid, query);
  const readTimes = useReadTimes(messageGroupUuid);

  const { messages } = query;
  const observe = useMarkRead({ messageGroupUuid, messages, readAt: readTimes.mine });
  const rows = useMemo(
    () => buildThreadRows({ messages, outbox: waiting, myUuid: me.uuid }),
    [messages, waiting, me.uuid],
  );
  const seen = useMemo(() => findSeen(messages, me.uuid, readTimes.others), [messages, me.uuid, readTimes.others]);

  if (messageGroupUuid !== undefined && !isLoaded) return <ThreadSkeleton />;
  if (rows.length === 0) {
    return (
      <PaneMessage title={person ? `You and ${person.displayName}` : 'New conversation'}>
        No messages yet. Say hello!
      </PaneMessage>
    );
  }
  return (
    <Thread
      // Another conversation is another list: nothing of the scroll is carried over.
      key={messageGroupUuid ?? 'new'}
      rows={rows}
      name={person?.displayName ?? 'the other person'}
      older={{
        hasMore: query.hasNextPage,
        isLoading: query.isFetchingNextPage,
        hasFailed: query.isFetchNextPageError,
        load,
      }}
      seen={seen}
      observe={observe}
      onRetry={outbox.retry}
      onDelete={(clientMessageUuid) => {
        outbox.remove(clientMessageUuid);
        // The button that has the focus is gone.
        focusComposer();
      }}
      focusComposer={focusComposer}
    />
  );
}

function findSeen(messages: readonly Message[], myUuid: string, readAt: string | null | undefined) {
  const key = lastSeenKey(messages, myUuid, readAt);
  return key === undefined || !readAt ? undefined : { key, upTo: Date.parse(readAt) };
}
