import { listReadMarkers as listReadMarkersInStore, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupUuid, readMarker } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({ messageGroupUuid });
const output = z.object({ items: z.array(readMarker) });

/** Returns the read markers of a group's members, if they have any. Refuses with `message_group_not_found`. */
export const listReadMarkers = callerProcedure
  .input(input)
  .output(output)
  .query(async ({ ctx, input: { messageGroupUuid } }) => {
    const { caller, store } = ctx;
    const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
    const userUuids = members.map(({ uuid }) => uuid);
    return { items: await listReadMarkersInStore(store, { messageGroupUuid, userUuids, viewerUuid: caller.uuid }) };
  });
