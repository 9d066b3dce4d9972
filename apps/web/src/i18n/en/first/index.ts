import { actions } from './actions.ts';
import { app } from './app.ts';
import { composer } from './composer.ts';
import { errors } from './errors.ts';
import { list } from './list.ts';
import { thread } from './thread.ts';
import { time } from './time.ts';
import { worker } from './worker.ts';

export const texts = {
  ...actions,
  ...app,
  ...composer,
  ...errors,
  ...list,
  ...thread,
  ...time,
  ...worker,
} as const;
