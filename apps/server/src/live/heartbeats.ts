/** How often an instance says that it is alive, in milliseconds. */
export const BEAT_MS = 10_000;
/**
 * How long an instance may be silent before it counts as dead, in milliseconds. With one more interval, and the time of a
 * catch-up, open pages know within a minute what it stored but did not publish.
 */
const SILENCE_MS = 30_000;
/** Within this time an instance answers one that asks who is there, in milliseconds. Those that ask meanwhile share the answer. */
const ANSWER_MS = 1000;

/** `hello`: the instance hears others from now on, and asks who is there. `leaving`: it ends, and has published everything. */
export type Heartbeat = 'hello' | 'alive' | 'leaving';

export interface HeartbeatsOptions {
  /** Tells all other instances. Never rejects. */
  send: (type: Heartbeat) => Promise<void>;
  /**
   * An instance died: what it stored last may have been published to no one.
   *
   * @param since - when it was last heard, in milliseconds since 1970
   */
  onDeath: (since: number) => void;
}

/** Notices instances that died. One that leaves says so, so that a deployment is not a gap. */
export function createHeartbeats({ send, onDeath }: HeartbeatsOptions) {
  /** The others: when each was last heard (milliseconds since 1970), and since when its silence counts (`performance.now()`). */
  const others = new Map<string, { heardAt: number; silentSince: number }>();
  let timer: NodeJS.Timeout | undefined;
  let answer: NodeJS.Timeout | undefined;
  let isListening = false;

  function removeDead(): void {
    const dead = [...others].filter(([, { silentSince }]) => performance.now() - silentSince > SILENCE_MS);
    for (const [instance] of dead) others.delete(instance);
    // Once for all that died.
    if (dead.length > 0) onDeath(Math.min(...dead.map(([, { heardAt }]) => heardAt)));
  }

  function answerSoon(): void {
    answer ??= setTimeout(() => {
      answer = undefined;
      void send('alive');
    }, Math.random() * ANSWER_MS).unref();
  }

  return {
    start(): void {
      void send('alive');
      timer ??= setInterval(() => {
        void send('alive');
        if (isListening) removeDead();
      }, BEAT_MS).unref();
    },
    /** This instance hears the others from now on: their silence until now says nothing. */
    listening(): void {
      isListening = true;
      for (const each of others.values()) each.silentSince = performance.now();
      // One that dies before its next heartbeat would be unknown.
      void send('hello');
    },
    /** This instance hears no one. */
    deaf(): void {
      isListening = false;
    },
    heard(instance: string, type: Heartbeat): void {
      if (type === 'leaving') others.delete(instance);
      else others.set(instance, { heardAt: Date.now(), silentSince: performance.now() });
      if (type === 'hello') answerSoon();
    },
    /**
     * Ends the heartbeats.
     *
     * @param options.isPublished - whether the others have everything. Otherwise this instance counts as dead.
     */
    async stop({ isPublished }: { isPublished: boolean }): Promise<void> {
      if (timer === undefined) return;
      clearInterval(timer);
      clearTimeout(answer);
      if (isPublished) await send('leaving');
    },
  };
}
