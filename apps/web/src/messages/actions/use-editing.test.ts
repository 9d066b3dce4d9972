import { describe, expect, it } from 'vitest';
import { at, makeMessage } from '../../testing.ts';
import { leaveEdit, saveOutcome, startEdit } from './use-editing.ts';

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

describe('an edit', () => {
  const NOTHING = { editing: null, left: [] };
  const other = makeMessage(1);
  const written = { ...startEdit(NOTHING, message), editing: { message, text: 'The ferry is la' } };

  it('goes on where it was left for another message or a reply', () => {
    expect(startEdit(startEdit(written, other), message).editing?.text).toBe('The ferry is la');
    expect(startEdit(leaveEdit(written), message).editing?.text).toBe('The ferry is la');
    expect(startEdit(startEdit(leaveEdit(written), message), other).editing?.text).toBe(other.message);
  });

  it('starts again from the text that the message has got elsewhere', () => {
    const edited = { ...message, message: 'The ferry is cancelled.', revision: 1 };
    expect(startEdit(leaveEdit(written), edited).editing?.text).toBe('The ferry is cancelled.');
  });

  it('starts with the text of a refused edit instead', () => {
    expect(startEdit(leaveEdit(written), message, 'Refused').editing?.text).toBe('Refused');
  });
});
