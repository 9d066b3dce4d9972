import { actions } from './actions.ts';
import { app } from './app.ts';
import { composer } from './composer.ts';
import { list } from './list.ts';
import { people } from './people.ts';
import { push } from './push.ts';
import { search } from './search.ts';
import { settings } from './settings.ts';
import { thread } from './thread.ts';

export const texts = {
  ...actions,
  ...app,
  ...composer,
  ...list,
  ...people,
  ...push,
  ...search,
  ...settings,
  ...thread,
} as const;
