import { EDIT_WINDOW_MS } from '@cruddur/config';

/** How long a message can still be edited, in milliseconds; 0 or less when the time has passed. */
export const editTimeLeft = (createdAt: string, now: number): number => Date.parse(createdAt) + EDIT_WINDOW_MS - now;
