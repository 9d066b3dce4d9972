import { foldText, parseSearchQuery } from '@cruddur/config';
import type { clientOf } from './test-server.ts';

/** A person of a history. */
export interface Searcher {
  uuid: string;
  handle: string;
  api: ReturnType<typeof clientOf>;
}

/** A message as it is now. */
export interface KnownMessage {
  uuid: string;
  messageGroupUuid: string;
  sender: Searcher;
  recipient: Searcher;
  createdAt: string;
  /** Empty if it was deleted. */
  text: string;
  /** All texts that it has had. */
  texts: string[];
  revision: number;
}

export interface Filters {
  messageGroupUuid?: string | undefined;
  from?: 'me' | 'them' | undefined;
  before?: string | undefined;
  after?: string | undefined;
}

export const isMember = (by: Searcher, { sender, recipient }: KnownMessage) => by === sender || by === recipient;

/** What messages.search has to find, told plainly: it looks at every message. */
export class SearchModel {
  readonly messages: KnownMessage[] = [];
  /** By person and conversation: the time of the newest message that is cleared. */
  private readonly cleared = new Map<string, string>();

  clear(by: Searcher, messageGroupUuid: string): void {
    const newest = this.messages.findLast((message) => message.messageGroupUuid === messageGroupUuid);
    if (newest) this.cleared.set(`${by.uuid} ${messageGroupUuid}`, newest.createdAt);
  }

  isVisible(by: Searcher, message: KnownMessage): boolean {
    const { messageGroupUuid, createdAt, text } = message;
    return (
      isMember(by, message) && text !== '' && createdAt > (this.cleared.get(`${by.uuid} ${messageGroupUuid}`) ?? '')
    );
  }

  /** The newest first. */
  find(by: Searcher, query: string, { messageGroupUuid, from, before, after }: Filters): KnownMessage[] {
    const terms = parseSearchQuery(query);
    const found = this.messages.filter(
      (message) =>
        this.isVisible(by, message) &&
        terms.every((term) => foldText(message.text).includes(term)) &&
        (messageGroupUuid === undefined || message.messageGroupUuid === messageGroupUuid) &&
        (from === undefined || (message.sender === by) === (from === 'me')) &&
        (before === undefined || message.createdAt < before) &&
        (after === undefined || message.createdAt >= after),
    );
    return found.reverse();
  }
}
