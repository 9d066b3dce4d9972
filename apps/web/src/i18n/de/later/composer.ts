import type { composer as en } from '../../en/later/composer.ts';
import type { Translation } from '../../text-types.ts';

export const composer: Translation<typeof en> = {
  'composer.edit.bar': 'Bearbeiten',
  'composer.edit.cancel': 'Bearbeiten abbrechen',
  'composer.editing': 'Bearbeiten',
  'composer.reply': 'Antwort',
  'composer.reply.to': 'Antwort auf',
  'composer.reply.remove': 'Zitat entfernen',
  'composer.escape': '{label} (Esc)',
  'composer.place': 'Schreiben',
  'composer.blocked': 'Du hast {name} blockiert',
  'composer.unblock': 'Nicht mehr blockieren',
  'composer.request': '{name} möchte dir schreiben',
  'composer.request.hint':
    'Absender sehen nicht, ob du ihre Anfragen gelesen hast. Nimm die Anfrage an, um zu antworten.',
  'composer.request.accept': 'Annehmen',
  'composer.request.delete': 'Löschen',
  'composer.request.block': 'Blockieren',
  'composer.request.report': 'Melden',
  'composer.emoji.checkConnection': 'Prüfe deine Verbindung.',
  'composer.emoji.search': 'Emoji suchen',
  'composer.emoji.none': 'Keine Emojis gefunden.',
  'composer.emoji.categories': 'Kategorien',
  'composer.tone': 'Hautfarbe',
  'composer.tone.none': 'Keine Hautfarbe',
  'composer.tone.light': 'Helle Hautfarbe',
  'composer.tone.medium-light': 'Mittelhelle Hautfarbe',
  'composer.tone.medium': 'Mittlere Hautfarbe',
  'composer.tone.medium-dark': 'Mitteldunkle Hautfarbe',
  'composer.tone.dark': 'Dunkle Hautfarbe',
};
