import { describe, expect, it } from 'vitest';
import { isEmojiOnly, splitMessage } from './message-parts.ts';

const links = (message: string) => splitMessage(message).flatMap((part) => (part.kind === 'link' ? [part.href] : []));
const whole = (message: string) =>
  splitMessage(message)
    .map((part) => part.text)
    .join('');

describe('splitMessage', () => {
  it('cuts a link out of its sentence, without the full stop', () => {
    expect(splitMessage('See https://cruddur.example/a?b=1. Good?')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://cruddur.example/a?b=1', href: 'https://cruddur.example/a?b=1' },
      { kind: 'text', text: '. Good?' },
    ]);
  });

  it('takes a bare domain for https, and an address for mailto', () => {
    expect(links('cruddur.com or help@cruddur.com')).toEqual(['https://cruddur.com/', 'mailto:help@cruddur.com']);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(document.domain)',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '<a href="javascript:alert(1)">x</a>',
  ])('leaves %s as text', (message) => {
    for (const href of links(message)) expect(href).toMatch(/^(https?|mailto):/);
    expect(links(message).join()).not.toMatch(/script|data:|file:/i);
    expect(whole(message)).toBe(message);
  });

  it.each(['', 'plain', 'line\nbreak', 'مرحبا https://a.example/ب', '\u202ehttps://a.example'])(
    'keeps all of %j',
    (message) => {
      expect(whole(message)).toBe(message);
    },
  );
});

describe('isEmojiOnly', () => {
  it.each(['👍', '🎉 🎉', '👩🏽‍🚀', '🇨🇦', '❤️', '1️⃣'])('says yes to %s', (message) => {
    expect(isEmojiOnly(message)).toBe(true);
  });

  it.each(['1', 'ok 👍', '', ' ', '👍'.repeat(7), '#'])('says no to %j', (message) => {
    expect(isEmojiOnly(message)).toBe(false);
  });
});
