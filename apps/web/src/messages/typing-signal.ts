/** Signals of one form are at least so far apart, in milliseconds. */
const SIGNAL_EVERY_MS = 3_000;

/** The last signal that was sent. */
export interface TypingSignal {
  messageGroupUuid: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Whether a change of the text is to be told: something is being written, and the last signal is some seconds old. */
export function isSignalDue(
  last: TypingSignal | null,
  { messageGroupUuid }: { messageGroupUuid: string },
  text: string,
  now: number,
): boolean {
  if (text.trim() === '') return false;
  return last === null || last.messageGroupUuid !== messageGroupUuid || now - last.at >= SIGNAL_EVERY_MS;
}
