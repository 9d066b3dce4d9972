import { type Message, type Person, reportIdOf } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { TYPICAL_USAGE } from '../../tools/capacity/assumptions.ts';
import { callProcedure } from '../calls.ts';
import type { ChangingMessages } from './changing-messages.ts';
import type { Deliveries } from './deliveries.ts';
import type { Participant } from './people.ts';
import { createStrangers } from './strangers.ts';

const TEXT = 'We meet at the harbour at nine. '.repeat(13).slice(0, 400);
const EMOJI = ['👍', '❤️', '😂'];
/** Share of the messages that reply to another one. */
const REPLIES = 0.1;
const MUTED_MS = 3_600_000;

interface Call {
  weight: number;
  request: (by: Participant) => Promise<unknown>;
}

interface Load {
  /** Makes one random call of a random person. */
  next: () => Promise<unknown>;
  /** Milliseconds of the calls so far, by procedure. */
  times: Map<string, number[]>;
  acknowledged: Acknowledged;
}

/** What was acknowledged, apart from messages. */
export interface Acknowledged {
  /** The reports' ids. */
  reports: Set<string>;
  /** Who answered a request how, by its group. */
  answers: Map<string, { userUuid: string; isAccepted: boolean }>;
}

/** A load in the proportions of typical usage, with all that two people can do. */
export function createLoad(
  url: string,
  people: Participant[],
  { deliveries, messages }: { deliveries: Deliveries; messages: ChangingMessages },
): Load {
  const times = new Map<string, number[]>();
  const acknowledged: Acknowledged = { reports: new Set(), answers: new Map() };
  const strangers = createStrangers(people);
  const call = async <T>(by: Participant, procedure: string, input: object, kind: 'query' | 'mutation'): Promise<T> => {
    const start = performance.now();
    const result = await callProcedure<T>({ url, token: by.token }, procedure, input, kind);
    const before = times.get(procedure);
    if (before) before.push(performance.now() - start);
    else times.set(procedure, [performance.now() - start]);
    return result;
  };
  const query = (by: Participant, procedure: string, input: object = {}) => call(by, procedure, input, 'query');
  const mutate = <T>(by: Participant, procedure: string, input: object) => call<T>(by, procedure, input, 'mutation');

  async function create(by: Participant, recipient: Person, place: object): Promise<Message> {
    const clientMessageUuid = v7();
    deliveries.start(clientMessageUuid, recipient.uuid);
    const text = { message: `${TEXT} ${clientMessageUuid}`, clientMessageUuid };
    const message = await mutate<Message>(by, 'messages.create', { ...text, ...place });
    deliveries.acknowledge(message);
    return message;
  }
  async function sendMessage(by: Participant, replied?: Message): Promise<Message> {
    const replyTo = replied && { messageUuid: replied.uuid, createdAt: replied.createdAt };
    const message = await create(by, by.other, { ...groupOf(by), replyTo });
    const { conversation } = by;
    if (message.createdAt > conversation.newestAt) conversation.newestAt = message.createdAt;
    messages.add(message);
    return message;
  }
  const send = (by: Participant) =>
    Math.random() < REPLIES
      ? messages.use(by, 'any', async (message) => {
          await sendMessage(by, message);
          return message;
        })
      : sendMessage(by);

  const react = (by: Participant) =>
    messages.use(by, 'any', (message) => {
      const emoji = EMOJI[Math.floor(Math.random() * EMOJI.length)] ?? '';
      const isOn = !message.reactions.some((each) => each.emoji === emoji && each.userUuids.includes(by.person.uuid));
      return mutate(by, 'messages.react', { ...addressOf(message), emoji, isOn });
    });
  const edit = (by: Participant) =>
    messages.use(by, 'own', (message) => {
      const { revision } = message;
      return mutate(by, 'messages.edit', { ...addressOf(message), message: `${TEXT} ${revision}`, revision });
    });
  const erase = (by: Participant) =>
    messages.use(by, 'own', (message) => mutate(by, 'messages.delete', addressOf(message)));
  const readHistory = (by: Participant) =>
    messages.use(by, 'any', async (message) => {
      await query(by, 'messages.history', addressOf(message));
      return message;
    });

  const report = (by: Participant) =>
    messages.use(by, 'other', async (message) => {
      await mutate(by, 'messages.report', { ...addressOf(message), reason: 'spam' });
      acknowledged.reports.add(reportIdOf(by.person.uuid, message.messageGroupUuid, message.uuid));
      return message;
    });

  async function change(by: Participant): Promise<void> {
    const [isPinned, isMarkedUnread] = [Math.random() < 0.5, Math.random() < 0.5];
    const mutedUntil = Math.random() < 0.5 ? null : new Date(Date.now() + MUTED_MS).toISOString();
    await mutate(by, 'messageGroups.update', { ...groupOf(by), isPinned, isMarkedUnread, mutedUntil });
  }
  /** Each pair of strangers meets once: twenty-five pairs have enough of them for an hour. */
  async function writeToStranger(by: Participant): Promise<void> {
    const stranger = strangers.take(by);
    if (!stranger) return;
    const { person } = stranger;
    const { messageGroupUuid } = await create(by, person, { handle: person.handle });
    await query(stranger, 'messageGroups.list', { filter: 'requests' });
    const isAccepted = Math.random() < 0.5;
    await mutate(stranger, isAccepted ? 'messageGroups.accept' : 'messageGroups.decline', { messageGroupUuid });
    acknowledged.answers.set(messageGroupUuid, { userUuid: person.uuid, isAccepted });
  }
  async function blockAndUnblock(by: Participant): Promise<void> {
    const stranger = strangers.take(by);
    if (!stranger) return;
    const { handle } = stranger.person;
    await mutate(by, 'users.block', { handle });
    await query(by, 'users.listBlocked');
    await mutate(by, 'users.unblock', { handle });
    strangers.giveBack(by, stranger);
  }
  /** What began the conversation is older than all messages of the load, so nothing that they need is cleared. */
  const clear = (by: Participant) =>
    mutate(by, 'messageGroups.clear', { ...groupOf(by), through: by.conversation.startedAt });

  const others: Call[] = [
    { weight: 30, request: react },
    { weight: 10, request: edit },
    { weight: 5, request: erase },
    { weight: 5, request: readHistory },
    { weight: 10, request: (by) => query(by, 'messages.search', { query: 'harbour nine' }) },
    { weight: 10, request: (by) => query(by, 'users.search', { query: 'other1' }) },
    { weight: 10, request: (by) => query(by, 'messageGroups.counts') },
    { weight: 10, request: (by) => query(by, 'messageGroups.readMarkers', groupOf(by)) },
    { weight: 4, request: (by) => query(by, 'messageGroups.find', { handle: by.other.handle }) },
    { weight: 3, request: change },
    { weight: 1, request: clear },
    { weight: 1, request: blockAndUnblock },
    { weight: 1, request: writeToStranger },
    { weight: 1, request: report },
    { weight: 1, request: (by) => mutate(by, 'users.updateSettings', { sendsTyping: Math.random() < 0.5 }) },
    { weight: 1, request: (by) => query(by, 'devices.list') },
    { weight: 1, request: (by) => query(by, 'users.exportData') },
  ];
  const { messages: sent, readMarks, listPages, threadPages, otherCalls, typingSignals } = TYPICAL_USAGE;
  const calls: Call[] = [
    { weight: sent, request: send },
    {
      weight: readMarks,
      request: (by) => mutate(by, 'messageGroups.markRead', { ...groupOf(by), createdAt: by.conversation.newestAt }),
    },
    { weight: listPages, request: (by) => query(by, 'messageGroups.list') },
    { weight: threadPages, request: (by) => query(by, 'messages.list', groupOf(by)) },
    { weight: otherCalls, request: (by) => pick(others).request(by) },
    { weight: sent * typingSignals, request: (by) => mutate(by, 'messageGroups.signalTyping', groupOf(by)) },
  ];
  const next = async () => {
    const by = people[Math.floor(Math.random() * people.length)];
    return by && pick(calls).request(by);
  };
  return { next, times, acknowledged };
}

const groupOf = ({ conversation: { messageGroupUuid } }: Participant) => ({ messageGroupUuid });

const addressOf = ({ messageGroupUuid, uuid: messageUuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid,
  createdAt,
});

function pick(calls: readonly Call[]): Call {
  let rest = Math.random() * calls.reduce((sum, { weight }) => sum + weight, 0);
  const found = calls.find(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
  if (!found) throw new Error('there are no calls');
  return found;
}
