import { listReadMarkers as listReadMarkersInStore, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroupUuid, readMarker } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({ messageGroupUuid });
const output = z.object({ items: z.array(readMarker) });

/**
 * Returns the read markers of a group's members, if they have any: only the caller's if either has switched receipts off.
 *
 * Refuses with `message_group_not_found`.
 */
export const listReadMarkers = callerProcedure
  .input(input)
  .output(output)
  .query(async ({ ctx, input: { messageGroupUuid } }) => {
    const { caller, store } = ctx;
    const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
    const settings = await Promise.all(members.map(({ uuid }) => ctx.settings.of(uuid)));
    const isShown = settings.every(({ sendsReadReceipts }) => sendsReadReceipts);
    const userUuids = isShown ? members.map(({ uuid }) => uuid) : [caller.uuid];
    return { items: await listReadMarkersInStore(store, { messageGroupUuid, userUuids, viewerUuid: caller.uuid }) };
  });
