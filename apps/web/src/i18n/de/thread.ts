import type { thread as en } from '../en/thread.ts';
import type { Translation } from '../text-types.ts';

export const thread: Translation<typeof en> = {};
