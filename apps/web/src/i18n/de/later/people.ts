import type { people as en } from '../../en/later/people.ts';
import type { Translation } from '../../text-types.ts';

export const people: Translation<typeof en> = {
  'people.pick': 'Name oder Handle',
  'people.pick.hint': 'Gib einen Namen oder Handle ein.',
  'people.found': 'Personen',
  'people.found.count': '{count, plural, one {# Person} other {# Personen}}',
  'people.searching': 'Suche läuft …',
  'people.self': 'Du kannst dir nicht selbst schreiben.',
  'people.nobody': 'Niemand gefunden für „{query}“.',
  'people.close': 'Schließen',
  'people.shortcuts': 'Tastenkürzel',
  'people.signOut.unsent': 'Du hast {unsent}.',
  'people.signOut.hint':
    'Beim Abmelden werden ungesendete Nachrichten, Änderungen und Entwürfe aus diesem Browser gelöscht.',
  'people.signOut.confirm': 'Verwerfen und abmelden',
};
