import { router } from '../trpc.ts';
import { listMessageGroups } from './list-message-groups.ts';

export const messageGroupsRouter = router({ list: listMessageGroups });
