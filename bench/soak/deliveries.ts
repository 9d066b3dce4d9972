/** Which messages were acknowledged, and which of them came by the recipient's stream. */
export interface Deliveries {
  /** Notes that a message is about to be sent. */
  start(messageUuid: string, recipientUuid: string): void;
  acknowledge(messageUuid: string): void;
  /** What a person's stream tells of its messages. */
  heardBy(userUuid: string): { get(messageUuid: string): (at: number) => void };
  acknowledged: Set<string>;
  /** From the sender's call to the recipient's stream, in milliseconds. */
  times: number[];
  /** Acknowledged messages that the recipient's stream has not brought. */
  missing(): string[];
}

export function createDeliveries(): Deliveries {
  const started = new Map<string, { recipientUuid: string; at: number }>();
  const heard = new Set<string>();
  const acknowledged = new Set<string>();
  const times: number[] = [];
  return {
    start(messageUuid, recipientUuid) {
      started.set(messageUuid, { recipientUuid, at: performance.now() });
    },
    acknowledge(messageUuid) {
      acknowledged.add(messageUuid);
    },
    heardBy: (userUuid) => ({
      get: (messageUuid) => (at) => {
        const message = started.get(messageUuid);
        // The sender's own streams bring it too; and a stream may bring a message twice.
        if (message?.recipientUuid !== userUuid || heard.has(messageUuid)) return;
        heard.add(messageUuid);
        times.push(at - message.at);
      },
    }),
    acknowledged,
    times,
    missing: () => [...acknowledged].filter((messageUuid) => !heard.has(messageUuid)),
  };
}
