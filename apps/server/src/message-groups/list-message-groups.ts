import { CURSOR_MAX_CHARS, MESSAGE_GROUPS_PAGE } from '@cruddur/config';
import { listMessageGroups as listMessageGroupsInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroup, nextCursor } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z
  .object({
    cursor: z.string().max(CURSOR_MAX_CHARS).nullish(),
    limit: z.number().int().min(1).max(MESSAGE_GROUPS_PAGE.max).default(MESSAGE_GROUPS_PAGE.default),
  })
  .prefault({});

const output = z.object({ items: z.array(messageGroup), nextCursor });

/** Returns a page of the caller's groups, newest first. Refuses with `cursor_invalid`. */
export const listMessageGroups = callerProcedure
  .input(input)
  // Parsed synchronously: `parseAsync`, which tRPC uses, takes a tenth of a list's call.
  .output((page: unknown) => output.parse(page))
  .query(({ ctx, input: { limit, cursor } }) =>
    listMessageGroupsInStore(ctx.store, { userUuid: ctx.caller.uuid, limit, cursor: cursor ?? undefined }),
  );
