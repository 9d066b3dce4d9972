import { mergeConfig, type Plugin } from 'vite';
import config from '../vite.config.ts';

/** Marks the page's entry, and so its build, as changed. */
const changed: Plugin = {
  name: 'changed',
  transform: (code, id) =>
    /\/(app\/main\.ts|settings\/settings-page\.tsx)$/.test(id)
      ? `${code}\ndocument.documentElement.dataset.version = 'changed';`
      : undefined,
};

export default mergeConfig(config, { plugins: [changed] });
