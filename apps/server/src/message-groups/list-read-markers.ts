import { listReadMarkers as listReadMarkersInStore, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupUuid } from '../messages/message-group-uuid.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({ messageGroupUuid });

/** Up to where the members of a group have read it; who never did has none. Refuses with `message_group_not_found`. */
export const listReadMarkers = callerProcedure.input(input).query(async ({ ctx, input }) => {
  const { caller, store, signal } = ctx;
  const { messageGroupUuid } = input;
  const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid }, { signal });
  const userUuids = members.map(({ uuid }) => uuid);
  return { items: await listReadMarkersInStore(store, { messageGroupUuid, userUuids }, { signal }) };
});
