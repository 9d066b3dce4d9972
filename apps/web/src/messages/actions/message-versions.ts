import type { MessageHistory } from '../../trpc/types.ts';

interface ShownVersion {
  revision: number;
  text: string;
  /** When it was written, in milliseconds since the epoch. */
  time: number;
  isCurrent: boolean;
}

/** All texts of a message, newest first. */
export function messageVersions({ message, items }: MessageHistory): ShownVersion[] {
  const earlier = items.map((item) => ({
    revision: item.revision,
    text: item.message,
    time: Date.parse(item.createdAt),
    isCurrent: false,
  }));
  if (message.deletedAt !== null) return [];
  const time = Date.parse(message.editedAt ?? message.createdAt);
  return [...earlier, { revision: message.revision, text: message.message, time, isCurrent: true }].toReversed();
}
