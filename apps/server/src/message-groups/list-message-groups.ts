import { CURSOR_MAX_CHARS, MESSAGE_GROUPS_PAGE } from '@cruddur/config';
import { listMessageGroups as listMessageGroupsInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { callerProcedure } from '../trpc.ts';

const input = z
  .object({
    cursor: z.string().max(CURSOR_MAX_CHARS).nullish(),
    limit: z.number().int().min(1).max(MESSAGE_GROUPS_PAGE.max).default(MESSAGE_GROUPS_PAGE.default),
  })
  .prefault({});

/** The caller's groups, newest first. Refuses with `cursor_invalid`. */
export const listMessageGroups = callerProcedure
  .input(input)
  .query(({ ctx, input }) =>
    listMessageGroupsInStore(
      ctx.store,
      { userUuid: ctx.caller.uuid, limit: input.limit, cursor: input.cursor ?? undefined },
      { signal: ctx.signal },
    ),
  );
