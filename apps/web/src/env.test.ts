import { describe, expect, it } from 'vitest';
import { readWebEnv } from './env.ts';

const vars = {
  COGNITO_USER_POOL_ID: 'eu-west-1_Abc123',
  COGNITO_CLIENT_ID: 'client0',
  COGNITO_ENDPOINT: '',
};

describe('readWebEnv', () => {
  it('uses AWS if no endpoint is set', () => {
    expect(readWebEnv(vars)).toEqual({ userPoolId: 'eu-west-1_Abc123', clientId: 'client0' });
  });

  it('uses an emulator if its endpoint is set', () => {
    const env = readWebEnv({ ...vars, COGNITO_ENDPOINT: 'http://127.0.0.1:9229' });
    expect(env.cognitoEndpoint).toBe('http://127.0.0.1:9229');
  });

  it('reports what is missing if there is no configuration at all', () => {
    expect(() => readWebEnv(undefined)).toThrow('COGNITO_USER_POOL_ID');
  });

  it.each([
    ['COGNITO_USER_POOL_ID', ''],
    ['COGNITO_CLIENT_ID', undefined],
    ['COGNITO_ENDPOINT', 'nowhere'],
  ])('names %s if it is invalid', (name, value) => {
    expect(() => readWebEnv({ ...vars, [name]: value })).toThrow(name);
  });
});
