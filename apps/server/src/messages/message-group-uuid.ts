import { z } from 'zod';

/** The uuid of a group; a blank one is refused by the origin's own word. */
export const messageGroupUuid = z
  .string()
  .trim()
  .refine((uuid) => uuid !== '', { params: { reason: 'message_group_uuid_blank' }, abort: true })
  .toLowerCase()
  .pipe(z.guid());
