/** Says once that something is in the way of reading the stream, and once that nothing is any more. */
export interface Outage {
  /** @param what - a name for what cannot go on, such as a shard's id */
  began: (what: string, error: unknown) => void;
  ended: (what: string) => void;
}

/** Makes an {@link Outage} that writes to a log. */
export function createOutage(log: (line: string) => void): Outage {
  const halted = new Set<string>();
  return {
    began(what, error) {
      const message = error instanceof Error ? error.message || error.name : String(error);
      if (halted.size === 0) log(`Reading the stream is held up, and retried: ${message}`);
      halted.add(what);
    },
    ended(what) {
      if (halted.delete(what) && halted.size === 0) log('The stream is read again.');
    },
  };
}
