import type { thread as en } from '../../en/later/thread.ts';
import type { Translation } from '../../text-types.ts';

export const thread: Translation<typeof en> = {
  'thread.date': 'Datum',
  'thread.go': 'Los',
  'thread.search.placeholder': 'Suchen',
  'thread.search.close': 'Suche schließen',
  'thread.search.clear': 'Suche leeren',
  'thread.search.older': 'Älterer Treffer',
  'thread.search.newer': 'Neuerer Treffer',
  'thread.search.sender': 'Absender',
  'thread.search.anyone': 'Von allen',
  'thread.search.me': 'Von mir',
  'thread.search.them': 'Von {name}',
  'thread.search.link': 'Mit Link',
  'thread.search.failed': 'Die Suche ist fehlgeschlagen. {reason}',
  'thread.search.moreFailed': 'Weitere Treffer konnten nicht geladen werden. {reason}',
  'thread.search.searching': 'Suche läuft …',
  'thread.search.nothing': 'Nichts gefunden',
  'thread.search.position': '{index, number} von {count, number}',
  'thread.search.positionMore': '{index, number} von {count, number}+',
  'thread.search.hit': '. {name}: {text}',
};
