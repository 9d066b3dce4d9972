import { actions } from './actions.ts';
import { app } from './app.ts';
import { auth } from './auth.ts';
import { composer } from './composer.ts';
import { errors } from './errors.ts';
import { list } from './list.ts';
import { people } from './people.ts';
import { push } from './push.ts';
import { search } from './search.ts';
import { settings } from './settings.ts';
import { thread } from './thread.ts';
import { time } from './time.ts';
import { worker } from './worker.ts';

/** The page’s texts in German. Each area’s file fails the type check if a key is missing or superfluous. */
export const de = {
  ...actions,
  ...app,
  ...auth,
  ...composer,
  ...errors,
  ...list,
  ...people,
  ...push,
  ...search,
  ...settings,
  ...thread,
  ...time,
  ...worker,
} as const;
