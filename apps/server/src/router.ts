import { eventsRouter } from './events/router.ts';
import { messageGroupsRouter } from './message-groups/router.ts';
import { messagesRouter } from './messages/router.ts';
import { router } from './trpc.ts';
import { usersRouter } from './users/router.ts';

export const appRouter = router({
  events: eventsRouter,
  messageGroups: messageGroupsRouter,
  messages: messagesRouter,
  users: usersRouter,
});

/** The API's type: the one thing that the web app takes from the server. */
export type AppRouter = typeof appRouter;
