import { router } from '../trpc.ts';
import { me } from './me.ts';
import { searchUsers } from './search-users.ts';
import { shortUser } from './short-user.ts';

export const usersRouter = router({ me, search: searchUsers, short: shortUser });
