import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The defaults of an image's containers. */
export interface Image {
  base: string;
  workdir: string;
  env: Record<string, string>;
  user: string;
  command: string[];
}

/**
 * Interprets the few Dockerfile instructions that ours uses: copies files and reads settings.
 *
 * @param context - folder that the image is built from, with the Dockerfile in it
 * @param root - folder that becomes the image's root
 * @throws Error for any other instruction
 */
export function layOutImage(context: string, root: string): Image {
  const image: Image = { base: '', workdir: '/', env: {}, user: 'root', command: [] };
  const instructions: Record<string, (rest: string) => void> = {
    FROM: (base) => {
      image.base = base;
    },
    EXPOSE: () => undefined,
    WORKDIR: (folder) => {
      image.workdir = folder;
      mkdirSync(path.join(root, folder), { recursive: true });
    },
    ENV: (pairs) => {
      for (const [, name = '', quoted, value] of pairs.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)) {
        image.env[name] = quoted ?? value ?? '';
      }
    },
    COPY: (paths) => {
      const [from = '', to = ''] = paths.split(' ');
      const target = path.join(root, image.workdir, to.endsWith('/') ? path.join(to, path.basename(from)) : to);
      cpSync(path.join(context, from), target, { recursive: true });
    },
    USER: (user) => {
      image.user = user;
    },
    CMD: (command) => {
      image.command = JSON.parse(command);
    },
  };
  for (const line of readFileSync(path.join(context, 'Dockerfile'), 'utf8').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name = '', rest = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
    const follow = instructions[name];
    if (follow === undefined) throw new Error(`Unknown instruction in the Dockerfile: ${line}`);
    follow(rest);
  }
  return image;
}
