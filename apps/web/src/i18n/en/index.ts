import { texts as auth } from './auth.ts';
import { texts as first } from './first/index.ts';
import { texts as later } from './later/index.ts';

/**
 * The page's texts in English: ICU messages by key, in the sets that are loaded separately. `first` has what the code of a first
 * thread names, `auth` what the forms of signing in name, `later` the rest. Keys begin with their area, which has a file in a set.
 */
export const en = { first, auth, later };
