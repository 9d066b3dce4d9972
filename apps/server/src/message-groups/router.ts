import { router } from '../trpc.ts';
import { countMessageGroups } from './count-message-groups.ts';
import { findMessageGroup } from './find-message-group.ts';
import { listMessageGroups } from './list-message-groups.ts';
import { listReadMarkers } from './list-read-markers.ts';
import { markRead } from './mark-read.ts';
import { signalTyping } from './signal-typing.ts';

export const messageGroupsRouter = router({
  counts: countMessageGroups,
  find: findMessageGroup,
  list: listMessageGroups,
  markRead,
  readMarkers: listReadMarkers,
  signalTyping,
});
