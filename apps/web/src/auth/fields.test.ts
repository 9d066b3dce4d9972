import { describe, expect, it } from 'vitest';
import { t } from '../i18n/t.ts';
import { PASSWORD_RULES } from './fields.tsx';

const broken = (password: string) =>
  PASSWORD_RULES.filter((rule) => !rule.pattern.test(password)).map((rule) => t(rule.text));

describe('PASSWORD_RULES', () => {
  it('accept the seeded password', () => {
    expect(broken('Cruddur-2026!')).toEqual([]);
  });

  it.each([
    ['Aa1!aaa', '8 characters or more'],
    ['AAAA1111!', 'a lowercase letter'],
    ['aaaa1111!', 'an uppercase letter'],
    ['Aaaaaaaa!', 'a digit'],
    ['Aaaa1111', 'a symbol, such as ! or -'],
  ])('report what %s lacks', (password, rule) => {
    expect(broken(password)).toEqual([rule]);
  });
});
