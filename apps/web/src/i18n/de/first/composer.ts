import type { composer as en } from '../../en/first/composer.ts';
import type { Translation } from '../../text-types.ts';

export const composer: Translation<typeof en> = {
  'composer.label': 'Nachricht',
  'composer.to': 'Nachricht an {name}',
  'composer.placeholder': 'Schreib eine Nachricht',
  'composer.send': 'Senden',
  'composer.textOnly': 'Vorerst nur Text',
  'composer.edit': 'Nachricht bearbeiten',
  'composer.edit.placeholder': 'Bearbeite die Nachricht',
  'composer.edit.save': 'Speichern',
  'composer.charactersLeft': '{count, plural, one {Noch # Zeichen} other {Noch # Zeichen}}',
  'composer.charactersOver': '{count, plural, one {# Zeichen zu viel} other {# Zeichen zu viel}}',
  'composer.charactersFarOver': 'Mehr als {count, plural, one {# Zeichen zu viel} other {# Zeichen zu viel}}',
  'composer.emoji': 'Emoji',
  'composer.emoji.loading': 'Emojis werden geladen …',
  'composer.emoji.failed': 'Die Emojis konnten nicht geladen werden.',
  'composer.emoji.tryAgain': 'Noch einmal versuchen',
  'composer.emoji.close': 'Schließen',
};
