import type { app as en } from '../en/app.ts';
import type { Translation } from '../text-types.ts';

export const app: Translation<typeof en> = {
  'app.messages': 'Nachrichten',
  'app.conversation': 'Unterhaltung',
  'app.select': 'Wähle eine Unterhaltung',
  'app.select.hint': 'Wähle eine aus der Liste, oder beginne eine neue.',
  'app.listBroken': 'Deine Unterhaltungen konnten nicht angezeigt werden.',
  'app.conversationBroken': 'Diese Unterhaltung konnte nicht angezeigt werden.',
  'app.offline': '{reason} Nachrichten werden gesendet, sobald du wieder verbunden bist.',
  'app.unreachable': '{reason} Neuer Versuch läuft. Deine Nachrichten werden gesendet, sobald die Verbindung steht.',
  'app.notStored':
    'Cruddur kann in diesem Browser nichts speichern. Entwürfe und ungesendete Nachrichten bleiben nur, bis du diese Seite schließt oder neu lädst.',
  'app.dialogLoading': 'Ein Dialog wird geladen',
  'app.tryAgain': 'Noch einmal versuchen',
};
