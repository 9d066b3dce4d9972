import { describe, expect, it } from 'vitest';
import { authErrorField, authErrorWords } from './auth-error-words.ts';

const failure = (name: string, message = '') => Object.assign(new Error(message), { name });

describe('authErrorWords', () => {
  it('does not reveal whether the account or the password is wrong', () => {
    expect(authErrorWords(failure('UserNotFoundException'))).toBe(authErrorWords(failure('NotAuthorizedException')));
  });

  it.each([
    ['NotAuthorizedException', 'Password attempts exceeded', /too many attempts/i],
    ['NotAuthorizedException', 'User is disabled.', /closed/],
    ['NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED', /confirmed.*sign in/i],
    ['CodeMismatchException', '', /incorrect code/i],
    ['ExpiredCodeException', '', /expired/],
    ['UsernameExistsException', '', /taken/],
    ['LimitExceededException', '', /too many/i],
    ['InvalidPasswordException', '', /rules/],
    ['NetworkError', 'A network error has occurred.', /^Can’t reach Cruddur/],
    ['InvalidParameterException', 'Invalid email address format.', /email/],
  ])('translates %s (%s) into plain words', (name, message, words) => {
    expect(authErrorWords(failure(name, message))).toMatch(words);
  });

  it('never shows an unknown message', () => {
    expect(authErrorWords(failure('Weird', 'stack at 0x0'))).toBe(authErrorWords('text'));
  });
});

describe('authErrorField', () => {
  it('names the field that an error is about', () => {
    expect(authErrorField(failure('UsernameExistsException'))).toBe('handle');
    expect(authErrorField(failure('CodeMismatchException'))).toBe('code');
    expect(authErrorField(failure('InvalidParameterException', 'Invalid email address format.'))).toBe('email');
  });

  it('names none for an error that is not about one field', () => {
    expect(authErrorField(failure('NotAuthorizedException'))).toBeUndefined();
    expect(authErrorField('text')).toBeUndefined();
  });
});
