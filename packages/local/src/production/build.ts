import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { StackError } from '../errors.ts';

/** What `npm run build` has made. */
export interface Build {
  /** The bundled server. */
  server: string;
  /** The bundled Lambda. */
  handler: string;
  /** Folder of the built page. */
  web: string;
}

/**
 * Finds the build.
 *
 * @throws {StackError} where a part of it is missing
 */
export function findBuild(rootDir: string = ROOT_DIR): Build {
  const at = (file: string) => path.join(rootDir, 'apps', file);
  const build = {
    server: at('server/dist/main.js'),
    handler: at('stream-lambda/dist/handler.mjs'),
    web: at('web/dist'),
  };
  const missing = [build.server, build.handler, path.join(build.web, 'index.html')].find((file) => !existsSync(file));
  if (missing === undefined) return build;
  throw new StackError(`There is no ${path.relative(rootDir, missing)}: run \`npm run build\` first.`);
}
