import { router } from '../trpc.ts';
import { createMessage } from './create-message.ts';
import { listMessages } from './list-messages.ts';

export const messagesRouter = router({ create: createMessage, list: listMessages });
