/** React and what else each page needs before its own code. */
const EVERY_PAGE =
  /node_modules\/((react|react-dom|scheduler|react-error-boundary|wouter|regexparam)\/|lucide-react\/dist\/esm\/(?!icons\/(?!check))|uuid\/)|web\/src\/(auth\/return-to|session\/(session-store|cognito-session)|ui\/(notice|boundaries|page-router|lazy-part|timers|button|browser|page-title|logo|text|classes)\.)/;

/**
 * What a first thread shares with what is loaded later. Nothing of it may import what is not in it and only later parts need: its
 * chunk and theirs would import each other, and a part that is loaded first would read constants before they have a value.
 */
const SHARED_BY_PAGES =
  /web\/src\/(cache|markup|messages\/reactions\/emoji-data|outbox|session\/me-context|time|message-groups\/muted|notifications\/registered-device|app\/update|trpc\/(trpc|api-error|at-once-link|reason-words|server-)|ui\/(use-toasts|in-view)|unread)|config\/src\/(constants|group-state|message-|markup\/(message|word))|node_modules\/(lucide-react\/dist\/esm\/icons\/(arrow-left|x)\.|(@tanstack|@trpc)\/(?!.*(resolveResponse|wsLink|\?stream$)))/;

/** What stores and shows the last visit, except for what reads it, which the entry does at once. */
const LAST_VISIT = /web\/src\/persist\/(?!store|wipe-stored)/;

/**
 * Files that are built as one. Otherwise, each set of pages that share some of it would be a chunk: 6 kB more for the first thread,
 * gzipped, and twice as many requests (decision 0014).
 */
export const CHUNKS = [
  { name: 'start', test: /web\/src\/ui\/(listeners|delete-database)/ },
  { name: 'routes', test: EVERY_PAGE },
  { name: 'data', test: SHARED_BY_PAGES },
  { name: 'last-visit', test: LAST_VISIT },
];
