import { CURSOR_MAX_CHARS, MESSAGE_GROUPS_PAGE } from '@cruddur/config';
import { listMessageGroups as listMessageGroupsInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroup, nextCursor } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z
  .object({
    cursor: z.string().max(CURSOR_MAX_CHARS).nullish(),
    /** `requests`: those that the caller has not answered; they are in no other list. */
    filter: z.enum(['all', 'unread', 'requests']).default('all'),
    limit: z.number().int().min(1).max(MESSAGE_GROUPS_PAGE.max).default(MESSAGE_GROUPS_PAGE.default),
  })
  .prefault({});

const output = z.object({ items: z.array(messageGroup), nextCursor });

/**
 * Returns a page of the caller's groups, newest first. Pinned ones are first on the first page of `all`. Refuses with
 * `cursor_invalid`, also for a cursor of another filter.
 */
export const listMessageGroups = callerProcedure
  .input(input)
  // Parsed synchronously: `parseAsync`, which tRPC uses, takes a tenth of a list's call.
  .output((page: unknown) => output.parse(page))
  .query(({ ctx, input: { cursor, ...input } }) =>
    listMessageGroupsInStore(ctx.store, { userUuid: ctx.caller.uuid, cursor: cursor ?? undefined, ...input }),
  );
