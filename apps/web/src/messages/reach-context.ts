import { createContext } from 'react';

/** What applies to all messages of the open thread. */
export interface Reach {
  /** There is a composer: messages can be replied to, edited and reacted to. */
  canWrite: boolean;
  /** False in a stranger's request: a link there is only text. */
  hasLinks: boolean;
}

export const ReachContext = createContext<Reach>({ canWrite: true, hasLinks: true });
