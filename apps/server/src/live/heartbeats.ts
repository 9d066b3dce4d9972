/** How often an instance says that it is alive, in milliseconds. */
export const BEAT_MS = 10_000;
/**
 * How long an instance may be silent before it counts as dead, in milliseconds. With one more interval, and the time of a
 * catch-up, open pages know within a minute what it stored but did not publish.
 */
const SILENCE_MS = 30_000;

export interface HeartbeatsOptions {
  /** Tells all other instances that this one is alive, or that it ends and has published everything. Never rejects. */
  send: (type: 'alive' | 'leaving') => Promise<void>;
  /** An instance died: what it stored last may have been published to no one. */
  onDeath: () => void;
}

/** Notices instances that died. One that leaves says so, so that a deployment is not a gap. */
export function createHeartbeats({ send, onDeath }: HeartbeatsOptions) {
  /** When each of the others was last heard, in milliseconds. */
  const heardAt = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let isListening = false;

  function removeDead(): void {
    const dead = [...heardAt].filter(([, at]) => performance.now() - at > SILENCE_MS);
    for (const [instance] of dead) heardAt.delete(instance);
    // Once for all that died.
    if (dead.length > 0) onDeath();
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
      for (const instance of heardAt.keys()) heardAt.set(instance, performance.now());
    },
    /** This instance hears no one. */
    deaf(): void {
      isListening = false;
    },
    heard(instance: string, type: 'alive' | 'leaving'): void {
      if (type === 'alive') heardAt.set(instance, performance.now());
      else heardAt.delete(instance);
    },
    /** Call it once everything is published. */
    async stop(): Promise<void> {
      if (timer === undefined) return;
      clearInterval(timer);
      await send('leaving');
    },
  };
}
