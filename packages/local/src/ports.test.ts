import { readStackEnv } from '@cruddur/config/env';
import { expect, it } from 'vitest';
import { explainDataDirError } from './errors.ts';
import { assertPortsDiffer } from './ports.ts';

it.each([
  ['WEB_PORT', 'API_PORT'],
  ['WEB_PORT', 'COGNITO_PORT'],
  ['DYNAMODB_PORT', 'POSTGRES_PORT'],
])('%s and %s cannot be the same port', (one, other) => {
  const stack = readStackEnv({ [one]: '4999', [other]: '4999' });
  expect(() => assertPortsDiffer(stack)).toThrow(`${one} and ${other} are both 4999`);
});

it('the ports that are used by default differ, and one that nothing embedded uses does not count', () => {
  expect(() => assertPortsDiffer(readStackEnv({}))).not.toThrow();
  const named = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9', DYNAMODB_PORT: '4999', WEB_PORT: '4999' };
  expect(() => assertPortsDiffer(readStackEnv(named))).not.toThrow();
});

it.each(['ENOTDIR', 'EEXIST', 'EACCES', 'EROFS'])(
  'a data folder that fails with %s is explained in a sentence',
  (code) => {
    expect(explainDataDirError(Object.assign(new Error(), { code }), '/data')).toMatchObject({
      message: `The data folder /data cannot be written (${code}): make it writable, or set LOCAL_DATA_DIR to another folder.`,
    });
  },
);
