import type { people as en } from '../en/people.ts';
import type { Translation } from '../text-types.ts';

export const people: Translation<typeof en> = {};
