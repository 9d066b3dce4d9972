import { texts as auth } from './auth.ts';
import { texts as first } from './first/index.ts';
import { texts as later } from './later/index.ts';

/** The page’s texts in German. Each area’s file fails the type check if a key is missing or superfluous. */
export const de = { first, auth, later };
