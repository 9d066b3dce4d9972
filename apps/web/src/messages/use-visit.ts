import { useCallback, useState } from 'react';
import { showsRestored } from '../cache/restored.ts';
import { useReadMarkers } from '../unread/use-mark-read.ts';
import { useMessagePages } from './use-messages.ts';

/**
 * Another conversation is another visit, with a fresh scroll position. So is the one that is shown once the server has answered, if
 * it has other messages than what the page has shown from an earlier visit: it opens at what is unread. A reader who has done
 * something in the thread meanwhile stays where they are.
 *
 * @returns the visit's key, whether it shows what is of an earlier one, and what to call when the reader does something
 */
export function useVisit(messageGroupUuid: string | undefined): {
  key: string;
  isOld: boolean;
  onIntent: () => void;
} {
  const thread = useMessagePages(messageGroupUuid);
  const markers = useReadMarkers(messageGroupUuid);
  const isOld = showsRestored(thread) || showsRestored(markers);
  const newest = thread.data?.pages[0]?.items.at(-1)?.uuid;
  const [visit, setVisit] = useState({ group: messageGroupUuid, isOld, newest, number: 0, isKept: false });
  if (visit.group !== messageGroupUuid || (isOld && !visit.isOld)) {
    setVisit({ group: messageGroupUuid, isOld, newest, number: visit.number, isKept: false });
  } else if (visit.isOld && !isOld) {
    const opensAgain = newest !== visit.newest && !visit.isKept;
    setVisit({ ...visit, isOld, number: visit.number + Number(opensAgain) });
  }
  const onIntent = useCallback(
    () => setVisit((last) => (last.isOld && !last.isKept ? { ...last, isKept: true } : last)),
    [],
  );
  return { key: `${messageGroupUuid ?? 'new'} ${visit.number}`, isOld, onIntent };
}
