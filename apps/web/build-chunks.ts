interface Chunk {
  name: string;
  /** Parts of the paths of its modules. */
  files: readonly string[];
  except?: readonly string[];
}

const LUCIDE = 'node_modules/lucide-react/dist/esm/';

/**
 * Modules that are built as one. Otherwise, each set of pages that share some of them would be a chunk: several kB more for the first
 * thread, gzipped, and twice as many requests (decision 0014). A module is in the first chunk that names it.
 */
export const CHUNKS: readonly Chunk[] = [
  // What the entry shares with the next chunk. Without this one, each would be a file.
  { name: 'start', files: ['web/src/ui/listeners.', 'web/src/ui/delete-database.'] },
  // React and what else each page needs before its own code.
  {
    name: 'routes',
    files: [
      'node_modules/react/',
      'node_modules/react-dom/',
      'node_modules/scheduler/',
      'node_modules/react-error-boundary/',
      'node_modules/wouter/',
      'node_modules/regexparam/',
      `${LUCIDE}Icon.`,
      `${LUCIDE}context.`,
      `${LUCIDE}createLucideIcon.`,
      `${LUCIDE}icons/check.`,
      `${LUCIDE}shared/`,
      'web/src/auth/return-to.',
      'web/src/session/session-store.',
      'web/src/session/cognito-session.',
      'web/src/ui/boundaries.',
      'web/src/ui/browser.',
      'web/src/ui/button.',
      'web/src/ui/classes.',
      'web/src/ui/lazy-part.',
      'web/src/ui/logo.',
      'web/src/ui/notice.',
      'web/src/ui/page-router.',
      'web/src/ui/page-title.',
      'web/src/ui/text.',
      'web/src/ui/timers.',
    ],
  },
  // What a first thread shares with what is loaded later. Nothing of it may import what is not in it and only later parts need: its
  // chunk and theirs would import each other, and a part that is loaded first would read constants before they have a value.
  {
    name: 'data',
    files: [
      'node_modules/@tanstack/',
      'node_modules/@trpc/',
      'node_modules/uuid/',
      `${LUCIDE}icons/arrow-left.`,
      `${LUCIDE}icons/x.`,
      'config/src/constants.',
      'config/src/group-state.',
      'config/src/message-changes.',
      'config/src/message-text.',
      'config/src/markup/message-',
      'config/src/markup/word-edges.',
      'web/src/app/update.',
      'web/src/cache/',
      'web/src/markup/',
      'web/src/message-groups/muted.',
      'web/src/messages/reactions/emoji-data.',
      'web/src/notifications/registered-device.',
      'web/src/outbox/',
      'web/src/session/me-context.',
      'web/src/time/',
      'web/src/trpc/api-error.',
      'web/src/trpc/at-once-link.',
      'web/src/trpc/reason-words.',
      'web/src/trpc/server-',
      'web/src/trpc/trpc.',
      'web/src/ui/in-view.',
      'web/src/ui/use-toasts.',
      'web/src/unread/',
    ],
    // Of the event stream, and Amplify's own version of uuid.
    except: ['/resolveResponse', '/wsLink', '.mjs?stream', 'node_modules/@aws-amplify/'],
  },
  // What shows and stores the last visit. The entry reads it at once.
  {
    name: 'last-visit',
    files: ['web/src/persist/'],
    except: ['web/src/persist/store.', 'web/src/persist/wipe-stored.'],
  },
];

/** The chunks as Rolldown's `codeSplitting` accepts them. */
export const chunkGroups = CHUNKS.map(({ name, files, except = [] }) => {
  const names = (parts: readonly string[], id: string) => parts.some((part) => id.includes(part));
  return { name, test: (id: string) => names(files, id) && !names(except, id) };
});
