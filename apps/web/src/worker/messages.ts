import type { Language } from '../i18n/choose-language.ts';

// Pages of one build talk to workers of another one, older or newer: messages are only added, never changed, and a
// receiver ignores those that it does not know.

/** What a page reports to the service worker. */
export interface PageMessage {
  /** The page has started: files of earlier builds may not be needed any more. */
  type: 'page_started';
  /** The page's language, which notifications have, too. */
  language?: Language;
}

/** What the service worker sends to pages. */
export type WorkerMessage =
  /** The build that the next page to start belongs to. */
  | { type: 'build'; build: string }
  /** Comes with a port for the answer: whether the page shows the conversation now. */
  | { type: 'is_in_view'; messageGroupUuid: string }
  /** The person has clicked the conversation's notification. */
  | { type: 'notification_clicked'; messageGroupUuid: string };
