import { createContext, useContext } from 'react';
import type { MessageActions } from './message-actions.ts';

/** Its value is the same for as long as a conversation is open, so that no row is rendered for it. */
export const MessageActionsContext = createContext<MessageActions | null>(null);

export function useMessageActions(): MessageActions {
  const actions = useContext(MessageActionsContext);
  if (actions === null) throw new Error('Message actions are used outside MessageActionsProvider');
  return actions;
}
