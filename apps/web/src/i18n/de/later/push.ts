import type { push as en } from '../../en/later/push.ts';
import type { Translation } from '../../text-types.ts';

export const push: Translation<typeof en> = {
  'push.hideText': 'Nachrichtentext verbergen',
  'push.hideText.hint': 'Benachrichtigungen in diesem Browser zeigen, wer geschrieben hat, aber nicht was.',
  'push.devices': 'Geräte mit Benachrichtigungen',
  'push.devices.hint': 'Sie melden neue Nachrichten auch, während Cruddur geschlossen ist.',
  'push.devices.none': 'Noch keine. Schalte Benachrichtigungen in dem Browser ein, in dem du sie bekommen möchtest.',
  'push.devices.notLoaded': 'Deine Geräte konnten nicht geladen werden.',
  'push.device.this': 'Dieser Browser',
  'push.device.added': 'Hinzugefügt am {date}',
  'push.device.notified': 'Zuletzt benachrichtigt: {date}',
  'push.device.remove': 'Entfernen',
  'push.device.removeNamed': '{name} entfernen',
  'push.device.removed': '{name} bekommt keine Benachrichtigungen mehr',
  'push.device.notRemoved': 'Das Gerät konnte nicht entfernt werden.',
};
