import { describe, expect, it } from 'vitest';
import { at, makeMessage } from '../../testing.ts';
import { saveOutcome } from './use-editing.ts';

const message = makeMessage(0, { message: 'The ferry is early.' });
const now = Date.parse(at(60));

describe('saving an edit', () => {
  it.each([
    ['the same text', 'The ferry is early.', 'unchanged'],
    ['the same text with blanks at its end', 'The ferry is early. \n', 'unchanged'],
    ['no text', '', 'delete'],
    ['only blanks', ' \n', 'delete'],
    ['a text that is too long', 'x'.repeat(1025), 'invalid'],
    ['another text', 'The ferry is late.', 'save'],
  ])('%s: %s', (_, text, outcome) => {
    expect(saveOutcome({ message, text }, now)).toBe(outcome);
  });

  it('is refused when the time is up, except for an unchanged text', () => {
    const late = Date.parse(at(24 * 60));
    expect(saveOutcome({ message, text: 'The ferry is late.' }, late)).toBe('too_late');
    expect(saveOutcome({ message, text: message.message }, late)).toBe('unchanged');
    expect(saveOutcome({ message, text: 'The ferry is late.' }, late - 1)).toBe('save');
  });
});
