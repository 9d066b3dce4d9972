import type { composer as en } from '../en/composer.ts';
import type { Translation } from '../text-types.ts';

export const composer: Translation<typeof en> = {};
