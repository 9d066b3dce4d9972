import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ContactState, ServerContact } from './server-contact.ts';

export const ContactContext = createContext<ServerContact | null>(null);

export function useContact(): ServerContact {
  const contact = useContext(ContactContext);
  if (contact === null) throw new Error('useContact is called outside ApiProvider');
  return contact;
}

/** Whether the page reaches the server. */
export function useContactState(): ContactState {
  const { subscribe, state } = useContact();
  return useSyncExternalStore(subscribe, state);
}
