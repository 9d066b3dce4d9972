import { router } from '../trpc.ts';
import { listMessageGroups } from './list-message-groups.ts';
import { listReadMarkers } from './list-read-markers.ts';
import { markRead } from './mark-read.ts';
import { signalTyping } from './signal-typing.ts';

export const messageGroupsRouter = router({
  list: listMessageGroups,
  markRead,
  readMarkers: listReadMarkers,
  signalTyping,
});
