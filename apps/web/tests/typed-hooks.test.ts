import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { describe, expect, it } from 'vitest';

const read = (file: string) => readFileSync(path.join(ROOT_DIR, file), 'utf8');

/** The page's excerpts: each names its file in its first line. */
const excerpts = [...read('docs/typed-hooks.md').matchAll(/^```tsx?\n\/\/ (\S+)\n(.*?)^```$/gms)].map(
  ([, file = '', code = '']) => ({ file, code }),
);

describe('docs/typed-hooks.md', () => {
  it('has an excerpt for each hop', () => {
    const files = excerpts.map(({ file }) => file);
    expect(files).toContain('packages/ddb/src/messages/react-to-message.ts');
    expect(files).toContain('apps/server/src/messages/react-to-message.ts');
    expect(files).toContain('apps/web/src/outbox/use-message-changes.ts');
    expect(files).toContain('apps/web/src/outbox/apply-changes.ts');
    expect(files).toContain('apps/web/src/messages/reactions/reaction-chips.tsx');
    expect(read('docs/typed-hooks.md').match(/^```tsx?$/gm)).toHaveLength(excerpts.length);
  });

  it.each(excerpts)('shows $file as it is', ({ file, code }) => {
    expect(read(file)).toContain(code);
  });
});
