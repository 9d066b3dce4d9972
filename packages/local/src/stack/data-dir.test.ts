import { expect, it } from 'vitest';
import { explainDataDirError } from './data-dir.ts';

it.each(['ENOTDIR', 'EEXIST', 'EACCES', 'EROFS'])(
  'a data folder that fails with %s is explained in a sentence',
  (code) => {
    expect(explainDataDirError(Object.assign(new Error(), { code }), '/data')).toMatchObject({
      message: `The data folder /data cannot be written (${code}): make it writable, or set LOCAL_DATA_DIR to another folder.`,
    });
  },
);
