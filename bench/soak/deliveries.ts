import type { Message } from '@cruddur/ddb';

/** Records which messages were acknowledged, and which arrived on the recipient's stream. */
export interface Deliveries {
  start(messageUuid: string, recipientUuid: string): void;
  acknowledge(message: Pick<Message, 'uuid' | 'messageGroupUuid'>): void;
  /** For a person's stream: calls back for each message that it delivers. */
  receivedBy(userUuid: string): { get(messageUuid: string): (at: number) => void };
  /** The group of each acknowledged message, by the message's uuid. */
  acknowledged: ReadonlyMap<string, string>;
  /** From the sender's call to the recipient's stream, in milliseconds. */
  times: number[];
  /** Acknowledged messages that have not arrived. */
  missing(): string[];
}

export function createDeliveries(): Deliveries {
  const started = new Map<string, { recipientUuid: string; at: number }>();
  const received = new Set<string>();
  const acknowledged = new Map<string, string>();
  const times: number[] = [];
  return {
    start(messageUuid, recipientUuid) {
      started.set(messageUuid, { recipientUuid, at: performance.now() });
    },
    acknowledge({ uuid, messageGroupUuid }) {
      acknowledged.set(uuid, messageGroupUuid);
    },
    receivedBy: (userUuid) => ({
      get: (messageUuid) => (at) => {
        const message = started.get(messageUuid);
        // The sender's stream delivers it too, and a stream may deliver a message twice.
        if (message?.recipientUuid !== userUuid || received.has(messageUuid)) return;
        received.add(messageUuid);
        times.push(at - message.at);
      },
    }),
    acknowledged,
    times,
    missing: () => [...acknowledged.keys()].filter((messageUuid) => !received.has(messageUuid)),
  };
}
