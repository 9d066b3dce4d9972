import { MESSAGES_PAGE } from '@cruddur/config';
import { listMessages as listMessagesInStore, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { callerProcedure } from '../trpc.ts';
import { messageGroupUuid } from './message-group-uuid.ts';

const input = z.object({
  messageGroupUuid,
  cursor: z.string().max(16_384).nullish(),
  limit: z.number().int().min(1).max(MESSAGES_PAGE.max).default(MESSAGES_PAGE.default),
});

/** A page of a thread, oldest first; the cursor leads to older ones. Refuses with `message_group_not_found`, `cursor_invalid`. */
export const listMessages = callerProcedure.input(input).query(async ({ ctx, input }) => {
  const { messageGroupUuid, limit } = input;
  const caller = { messageGroupUuid, callerUuid: ctx.caller.uuid };
  await requireMembership(ctx.store, caller, { signal: ctx.signal });
  return listMessagesInStore(
    ctx.store,
    { ...caller, limit, cursor: input.cursor ?? undefined },
    { signal: ctx.signal },
  );
});
