import { EDITS_MAX } from '@cruddur/config';
import type { Message, MessageItem } from '@cruddur/ddb';
import type { Participant } from './people.ts';

/** Messages of one conversation that may be changed. */
const KEPT = 50;

/** Who wrote the message: only `own` ones can be changed. */
type Whose = 'own' | 'other' | 'any';

/** The newest messages of each conversation, as their last calls left them. One call at a time uses a message. */
export interface ChangingMessages {
  add(message: Message): void;
  /** Passes one of the newest messages, if there is one, to a call, which returns the message as it left it. */
  use(by: Participant, whose: Whose, call: (message: Message) => Promise<Message>): Promise<void>;
  /** Counts the messages of the table that are not as their acknowledged changes left them. */
  countWrong(items: ReadonlyMap<string, MessageItem>): number;
}

export function createChangingMessages(): ChangingMessages {
  const idle = new Map<string, Message[]>();
  const acknowledged = new Map<string, Message>();

  function add(message: Message): void {
    const { messageGroupUuid } = message;
    const all = idle.get(messageGroupUuid) ?? [];
    all.push(message);
    if (all.length > KEPT) all.shift();
    idle.set(messageGroupUuid, all);
  }
  function take({ person, conversation }: Participant, whose: Whose): Message | undefined {
    const all = idle.get(conversation.messageGroupUuid) ?? [];
    const isUsable = ({ userUuid, revision }: Message) =>
      whose === 'any' || (userUuid === person.uuid ? whose === 'own' && revision < EDITS_MAX : whose === 'other');
    const usable = all.filter(isUsable);
    const message = usable[Math.floor(Math.random() * usable.length)];
    if (message) all.splice(all.indexOf(message), 1);
    return message;
  }
  return {
    add,
    async use(by, whose, call) {
      const message = take(by, whose);
      if (!message) return;
      // After a failed call nobody knows how the message is.
      acknowledged.delete(message.uuid);
      const changed = await call(message);
      if (changed.version > 0) acknowledged.set(changed.uuid, changed);
      if (changed.deletedAt === null) add(changed);
    },
    countWrong(items) {
      const isRight = ({ uuid, message, version, deletedAt }: Message) => {
        const item = items.get(uuid);
        return (
          item?.message === message &&
          item.version === version &&
          (item.deleted_at === undefined) === (deletedAt === null)
        );
      };
      return [...acknowledged.values()].filter((message) => !isRight(message)).length;
    },
  };
}
