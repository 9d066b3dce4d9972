import type { people as en } from '../en/people.ts';
import type { Translation } from '../text-types.ts';

export const people: Translation<typeof en> = {
  'people.pick': 'Name oder Handle',
  'people.pick.hint': 'Gib einen Namen oder Handle ein.',
  'people.found': 'Personen',
  'people.found.count': '{count, plural, one {# Person} other {# Personen}}',
  'people.searching': 'Suche läuft …',
  'people.self': 'Du kannst dir nicht selbst schreiben.',
  'people.nobody': 'Niemand gefunden für „{query}“.',
  'people.close': 'Schließen',
  'people.account': 'Konto',
  'people.settings': 'Einstellungen',
  'people.shortcuts': 'Tastenkürzel',
  'people.signOut': 'Abmelden',
  'people.signOut.unsent': 'Du hast {unsent}.',
  'people.signOut.hint':
    'Beim Abmelden werden ungesendete Nachrichten, Änderungen und Entwürfe aus diesem Browser gelöscht.',
  'people.signOut.confirm': 'Verwerfen und abmelden',
  'people.unsent.messages': '{count, plural, one {# ungesendete Nachricht} other {# ungesendete Nachrichten}}',
  'people.unsent.changes': '{count, plural, one {# ungesendete Änderung} other {# ungesendete Änderungen}}',
};
