import { CURSOR_MAX_CHARS, MESSAGES_PAGE } from '@cruddur/config';
import { listMessages as listMessagesInStore, otherMember, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { message, messageGroupUuid, nextCursor, person } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({
  messageGroupUuid,
  cursor: z.string().max(CURSOR_MAX_CHARS).nullish(),
  limit: z.number().int().min(1).max(MESSAGES_PAGE.max).default(MESSAGES_PAGE.default),
});

/** `items` are oldest first. `person` is the group's other member. */
const output = z.object({ items: z.array(message), nextCursor, person });

/**
 * Returns the newest page of a thread, or by cursor an older one.
 *
 * Refuses with `message_group_not_found`, `cursor_invalid`.
 */
export const listMessages = callerProcedure
  .input(input)
  // Parsed synchronously: `parseAsync`, which tRPC uses, takes a tenth of a list's call.
  .output((page: unknown) => output.parse(page))
  .query(async ({ ctx, input }) => {
    const { store } = ctx;
    const { messageGroupUuid, limit } = input;
    const caller = { messageGroupUuid, callerUuid: ctx.caller.uuid };
    const members = await requireMembership(store, caller);
    const page = await listMessagesInStore(store, { ...caller, limit, cursor: input.cursor ?? undefined });
    return { ...page, person: otherMember(members, ctx.caller.uuid) };
  });
