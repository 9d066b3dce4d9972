// Pages of one build talk to workers of another one, older or newer: messages are only added, never changed, and who does not
// know one ignores it.

/** What a page tells the service worker. */
export interface PageMessage {
  /** The page has started: files of earlier builds may not be needed any more. */
  type: 'page_started';
}

/** What the service worker tells pages. */
export interface WorkerMessage {
  /** The build that the next page to start belongs to. */
  type: 'build';
  build: string;
}
