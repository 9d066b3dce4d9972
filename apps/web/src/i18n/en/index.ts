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

/** The page's texts in English: ICU messages by key. Keys begin with their area, which has a file here and in `de`. */
export const en = {
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
