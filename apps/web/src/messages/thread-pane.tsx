import { useMemo, useState } from 'react';
import { useTargetItems } from '../outbox/outbox-context.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { useMyself } from '../session/me-context.ts';
import type { PersonName } from '../trpc/types.ts';
import { PaneMessage } from '../ui/notice.tsx';
import { ThreadSkeleton } from '../ui/skeletons.tsx';
import { useMarkRead, useReadTimes } from '../unread/use-mark-read.ts';
import { Thread } from './thread.tsx';
import { createRowBuilder, lastSeen } from './thread-rows.ts';
import { useMessages, useThreadHead } from './use-messages.ts';

interface ThreadPaneProps {
  target: Target;
  person: PersonName | undefined;
  /** Moves the focus to the composer, unless the device is touch only. */
  focusComposer: () => void;
}

/** The messages of a conversation, including the unsent ones. */
export function ThreadPane({ target, person, focusComposer }: ThreadPaneProps) {
  const messageGroupUuid = 'messageGroupUuid' in target ? target.messageGroupUuid : undefined;
  const me = useMyself();
  const outbox = useTargetItems(target);
  const query = useMessages(messageGroupUuid);
  useThreadHead(messageGroupUuid, query);
  const readTimes = useReadTimes(messageGroupUuid);

  const { messages } = query;
  const observe = useMarkRead({ messageGroupUuid, messages, readAt: readTimes.mine });
  const [buildRows] = useState(createRowBuilder);
  const rows = useMemo(() => buildRows({ messages, outbox, myUuid: me.uuid }), [buildRows, messages, outbox, me.uuid]);
  const seen = useMemo(() => lastSeen(messages, me.uuid, readTimes.others), [messages, me.uuid, readTimes.others]);

  if (messageGroupUuid !== undefined && query.data === undefined) return <ThreadSkeleton />;
  if (rows.length === 0) {
    return (
      <PaneMessage title={person ? `You and ${person.displayName}` : 'New conversation'}>
        No messages yet. Say hello!
      </PaneMessage>
    );
  }
  return (
    <Thread
      // Another conversation starts with a fresh scroll position.
      key={messageGroupUuid ?? 'new'}
      rows={rows}
      name={person?.displayName ?? 'the other person'}
      older={query}
      seen={seen}
      observe={observe}
      focusComposer={focusComposer}
    />
  );
}
