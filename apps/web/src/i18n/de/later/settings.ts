import type { settings as en } from '../../en/later/settings.ts';
import type { Translation } from '../../text-types.ts';

export const settings: Translation<typeof en> = {
  'settings.device': 'Dieser Browser',
  'settings.notifications': 'Benachrichtigungen',
  'settings.notifications.hint': 'Neue Nachrichten anzeigen, während Cruddur im Hintergrund ist.',
  'settings.notifications.blocked': 'In den Einstellungen dieses Browsers blockiert.',
  'settings.notifications.unsupported': 'Dieser Browser kann keine Benachrichtigungen anzeigen.',
  'settings.theme': 'Design',
  'settings.theme.system': 'Wie das System',
  'settings.theme.light': 'Hell',
  'settings.theme.dark': 'Dunkel',
  'settings.language': 'Sprache',
  'settings.language.system': 'Wie der Browser',
  'settings.loadFailed': 'Deine Einstellungen konnten nicht geladen werden. {reason}',
  'settings.notSaved': 'Deine Änderung wurde nicht gespeichert. {reason}',
  'settings.reach': 'Wer dir schreiben kann',
  'settings.reach.hint':
    'Das gilt nur für neue Unterhaltungen. Um jemanden zu stoppen, mit dem du schon schreibst, blockiere die Person.',
  'settings.reach.everyone': 'Alle',
  'settings.reach.everyone.hint': 'Neue Unterhaltungen erscheinen in deiner Liste.',
  'settings.reach.requests': 'Alle, zuerst als Anfrage',
  'settings.reach.requests.hint':
    'Die ersten Nachrichten von Unbekannten warten unter Anfragen, ohne Benachrichtigung, bis du sie annimmst.',
  'settings.reach.nobody': 'Niemand',
  'settings.reach.nobody.hint':
    'Niemand kann eine neue Unterhaltung mit dir beginnen. Du kannst weiterhin eine beginnen.',
  'settings.shown': 'Was andere sehen',
  'settings.receipts': 'Lesebestätigungen',
  'settings.receipts.hint':
    'Andere sehen, wenn du ihre Nachrichten gelesen hast. Ist das aus, siehst du es bei ihnen auch nicht.',
  'settings.typing': 'Schreibanzeige',
  'settings.typing.hint': 'Andere sehen, wenn du schreibst. Ist das aus, siehst du es bei ihnen auch nicht.',
  'settings.blocked': 'Blockierte Personen',
  'settings.blocked.hint':
    'Keiner von euch kann dem anderen schreiben. Die Personen erfahren es nicht. Um jemanden zu blockieren, öffne eure Unterhaltung.',
  'settings.blocked.loadFailed': 'Die blockierten Personen konnten nicht geladen werden. {reason}',
  'settings.blocked.none': 'Du hast niemanden blockiert.',
  'settings.blocked.more': 'Mehr anzeigen',
  'settings.unblock': 'Nicht mehr blockieren',
  'settings.unblock.name': '{name} nicht mehr blockieren',
  'settings.unblock.done': 'Du blockierst {name} nicht mehr',
  'settings.unblock.failed': 'Die Person ist noch blockiert. {reason}',
  'settings.data': 'Deine Daten',
  'settings.data.hint':
    'Dein Profil, deine Einstellungen, Geräte, blockierte Personen, Unterhaltungen und Nachrichten in einer Datei, als JSON Lines. Was du geleert hast, ist nicht dabei.',
  'settings.data.start': 'Meine Daten herunterladen',
  'settings.data.continue': 'Fortsetzen',
  'settings.data.remove': 'Aus diesem Browser entfernen',
  'settings.data.save': 'Datei speichern',
  'settings.data.progress': 'Download',
  'settings.data.running':
    'Deine Daten werden gesammelt. Wenn du diese Seite verlässt, geht es weiter, sobald du zurückkommst.',
  'settings.data.waiting': 'Warten auf den Server. Der Download geht von selbst weiter.',
  'settings.data.ready': 'Deine Daten können gespeichert werden.',
  'settings.data.stopped': 'Der Download wurde angehalten. {reason} Was schon da ist, bleibt erhalten.',
  'settings.data.notStored': 'Dieser Browser konnte den Download nicht speichern. Vielleicht fehlt Speicherplatz.',
  'settings.data.notSaved': 'Dieser Browser konnte die Datei nicht erstellen.',
  'settings.sessions': 'Sitzungen',
  'settings.sessions.hint':
    'Wenn du ein Gerät verloren oder dich auf einem angemeldet hast, das andere nutzen, melde dich auf allen ab.',
  'settings.sessions.failed':
    'Du bist noch angemeldet: Der Anmeldedienst war nicht erreichbar. Versuch es noch einmal.',
  'settings.sessions.end': 'Überall abmelden',
  'settings.sessions.end.title': 'Überall abmelden?',
  'settings.sessions.end.hint':
    'Hier wirst du sofort abgemeldet, auf anderen Geräten innerhalb einer Stunde. Entwürfe in diesem Browser werden gelöscht.',
  'settings.sessions.end.unsent':
    'Hier wirst du sofort abgemeldet, auf anderen Geräten innerhalb einer Stunde. Du hast {unsent}: Das und Entwürfe in diesem Browser werden gelöscht.',
};
