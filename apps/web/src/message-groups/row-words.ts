import { plainText } from '../markup/plain-text.ts';
import type { ListRow } from './list-rows.ts';

/** What a row says, and of which kind it is. */
export interface RowWords {
  kind: 'notSent' | 'typing' | 'draft' | 'ownDeleted' | 'deleted' | 'own' | 'message';
  /** What somebody wrote; empty if the kind says it all. */
  text: string;
}

export interface RowState {
  /** The text of the person's draft; empty if there is none. */
  draft: string;
  /** The other person is typing. */
  isTyping: boolean;
  isUnread: boolean;
}

/** A row's last message, or what matters more. A draft does not hide what is unread. */
export function rowWords(row: ListRow, myUuid: string, { draft, isTyping, isUnread }: RowState): RowWords {
  if (row.hasFailed) return { kind: 'notSent', text: plainText(row.message) };
  if (isTyping) return { kind: 'typing', text: '' };
  if (draft !== '' && !isUnread) return { kind: 'draft', text: plainText(draft) };
  return lastMessageWords(row, myUuid);
}

/** A row's last message. */
export function lastMessageWords({ message, messageUserUuid, isMessageDeleted }: ListRow, myUuid: string): RowWords {
  const isOwn = messageUserUuid === myUuid;
  if (isMessageDeleted) return { kind: isOwn ? 'ownDeleted' : 'deleted', text: '' };
  return { kind: isOwn ? 'own' : 'message', text: plainText(message) };
}
