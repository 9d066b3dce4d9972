import { v7 } from 'uuid';

/**
 * A message's id that a server takes for a first attempt however slow the machine is: an id that is older than a second is
 * looked up first, which costs a call. It is dated a minute ahead; two are allowed.
 */
export const firstAttemptId = (): string => v7({ msecs: Date.now() + 60_000 });
