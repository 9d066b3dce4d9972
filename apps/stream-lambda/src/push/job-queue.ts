/** Where jobs wait. On AWS it is SQS; `packages/local` has one with the same rules. */
export interface JobQueue {
  /** Rejects if a job may not have been accepted. A job may be received more than once, in any order. */
  send(entries: readonly JobEntry[]): Promise<void>;
}

export interface JobEntry {
  body: string;
  /** Until it is received: 0 to {@link DELAY_MAX_S}. */
  delaySeconds: number;
}

/** SQS's longest. */
export const DELAY_MAX_S = 900;
