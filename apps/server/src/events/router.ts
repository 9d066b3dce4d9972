import { router } from '../trpc.ts';
import { subscribe } from './subscribe.ts';

export const eventsRouter = router({ subscribe });
