import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { en } from '../src/i18n/en/index.ts';

const WEB_DIR = path.join(import.meta.dirname, '..');

export interface LazyPart {
  module: string;
  /** The texts that it waits for besides the first ones. */
  set: keyof typeof en;
  /** Whether code that failed is loaded from another address. */
  isLoadedAgain: boolean;
}

const LAZY_PART = /^\s*\(\) => import\('([^']+)'\)(?:,\s*'(\w+)')?(,\s*untilReload)?,?\s*\)/;

/** All `lazyPart`s of the page. */
export function readLazyParts(): LazyPart[] {
  const files = readdirSync(path.join(WEB_DIR, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
    .flatMap((file) => {
      const source = readFileSync(path.join(WEB_DIR, 'src', file), 'utf8');
      const calls = source.split('= lazyPart(').slice(1);
      return calls.map((call) => {
        const [, module, set = 'later', untilReload] = LAZY_PART.exec(call) ?? [];
        if (module === undefined) throw new Error(`A lazyPart of ${file} is not understood`);
        return {
          module: path.posix.join('src', path.dirname(file), module),
          set: set as LazyPart['set'],
          isLoadedAgain: untilReload === undefined,
        };
      });
    });
}
