export const time = {
  'time.now': 'now',
  'time.minutes': '{count, number} min',
  'time.today': 'Today',
  'time.yesterday': 'Yesterday',
} as const;
