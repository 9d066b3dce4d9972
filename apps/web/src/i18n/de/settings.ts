import type { settings as en } from '../en/settings.ts';
import type { Translation } from '../text-types.ts';

export const settings: Translation<typeof en> = {
  'settings.device': 'Dieser Browser',
  'settings.notifications': 'Mitteilungen',
  'settings.notifications.hint': 'Neue Nachrichten anzeigen, während Cruddur im Hintergrund ist.',
  'settings.notifications.blocked': 'In den Einstellungen dieses Browsers blockiert.',
  'settings.notifications.unsupported': 'Dieser Browser kann keine Mitteilungen anzeigen.',
  'settings.theme': 'Design',
  'settings.theme.system': 'Wie das System',
  'settings.theme.light': 'Hell',
  'settings.theme.dark': 'Dunkel',
  'settings.language': 'Sprache',
  'settings.language.system': 'Wie der Browser',
};
