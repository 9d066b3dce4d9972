import { compareTimes } from '../trpc/pages.ts';
import type { MessageGroup } from '../trpc/types.ts';

/** Up to which message this device has shown a person's groups. Times are the messages' `createdAt`. */
export interface Seen {
  /** What is not newer was there when the person first opened the page here; `undefined` until that is known. */
  since: string | undefined;
  /** The newest message shown of a group; `undefined` where none was. */
  upTo: (messageGroupUuid: string) => string | undefined;
}

/** The groups whose last message is another's, and newer than what this device has shown. */
export function unreadGroups(
  groups: readonly Pick<MessageGroup, 'uuid' | 'createdAt' | 'messageUserUuid'>[],
  seen: Seen,
  myUuid: string,
): ReadonlySet<string> {
  const { since } = seen;
  if (since === undefined) return new Set();
  const unread = groups.filter(
    ({ uuid, createdAt, messageUserUuid }) =>
      messageUserUuid !== null &&
      messageUserUuid !== myUuid &&
      compareTimes(createdAt, since) > 0 &&
      compareTimes(createdAt, seen.upTo(uuid) ?? since) > 0,
  );
  return new Set(unread.map(({ uuid }) => uuid));
}
