import type { auth as en } from '../en/auth.ts';
import type { Translation } from '../text-types.ts';

export const auth: Translation<typeof en> = {};
