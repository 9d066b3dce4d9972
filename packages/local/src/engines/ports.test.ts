import { readStackEnv } from '@cruddur/config/env';
import { expect, it } from 'vitest';
import { assertPortsDiffer } from './ports.ts';

it.each([
  ['WEB_PORT', 'API_PORT'],
  ['WEB_PORT', 'COGNITO_PORT'],
  ['DYNAMODB_PORT', 'POSTGRES_PORT'],
])('%s and %s cannot be the same port', (one, other) => {
  const stack = readStackEnv({ [one]: '4999', [other]: '4999' });
  expect(() => assertPortsDiffer(stack)).toThrow(`${one} and ${other} are both 4999`);
});

it('the default ports differ, and the port of a service that is not embedded does not count', () => {
  expect(() => assertPortsDiffer(readStackEnv({}))).not.toThrow();
  const named = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9', DYNAMODB_PORT: '4999', WEB_PORT: '4999' };
  expect(() => assertPortsDiffer(readStackEnv(named))).not.toThrow();
});
