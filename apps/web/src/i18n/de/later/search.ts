import type { search as en } from '../../en/later/search.ts';
import type { Translation } from '../../text-types.ts';

export const search: Translation<typeof en> = {
  'search.running': 'Suche läuft',
  'search.results': 'Suchergebnisse',
  'search.failed': 'Die Suche ist fehlgeschlagen. {reason}',
  'search.nothing': 'Nichts gefunden für „{query}“.',
  'search.nothing.hint': 'Prüfe die Schreibweise oder versuch es mit weniger Buchstaben.',
  'search.onlyLoaded': '{reason} Durchsucht werden nur Nachrichten, die diese Seite geladen hat.',
  'search.people': 'Personen',
  'search.conversations': 'Unterhaltungen',
  'search.messages': 'Nachrichten',
  'search.people.count': '{count, plural, one {# Person} other {# Personen}}',
  'search.conversations.count': '{count, plural, one {# Unterhaltung} other {# Unterhaltungen}}',
  'search.messages.count': '{count, plural, one {# Nachricht} other {# Nachrichten}}',
};
