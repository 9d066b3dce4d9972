import type { push as en } from '../en/push.ts';
import type { Translation } from '../text-types.ts';

export const push: Translation<typeof en> = {};
