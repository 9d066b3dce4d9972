export const settings = {
  'settings.device': 'This browser',
  'settings.notifications': 'Notifications',
  'settings.notifications.hint': 'Show new messages while Cruddur is in the background.',
  'settings.notifications.blocked': 'Blocked in this browser’s settings.',
  'settings.notifications.unsupported': 'This browser can’t show notifications.',
  'settings.theme': 'Theme',
  'settings.theme.system': 'System',
  'settings.theme.light': 'Light',
  'settings.theme.dark': 'Dark',
  'settings.language': 'Language',
  'settings.language.system': 'Same as the browser',
} as const;
