import type { app as en } from '../../en/first/app.ts';
import type { Translation } from '../../text-types.ts';

export const app: Translation<typeof en> = {
  'app.messages': 'Nachrichten',
  'app.conversation': 'Unterhaltung',
  'app.select': 'Wähle eine Unterhaltung',
  'app.select.hint': 'Wähle eine aus der Liste oder beginne eine neue.',
  'app.listBroken': 'Deine Unterhaltungen konnten nicht angezeigt werden.',
  'app.conversationBroken': 'Diese Unterhaltung konnte nicht angezeigt werden.',
  'app.contact.offline': '{reason} Nachrichten werden gesendet, sobald du wieder verbunden bist.',
  'app.contact.unreachable':
    '{reason} Neuer Versuch läuft. Deine Nachrichten werden gesendet, sobald die Verbindung steht.',
  'app.notStored':
    'Cruddur kann in diesem Browser nichts speichern. Entwürfe und ungesendete Nachrichten bleiben nur, bis du diese Seite schließt oder neu lädst.',
  'app.dialogLoading': 'Ein Dialog wird geladen',
  'app.tryAgain': 'Noch einmal versuchen',
  'app.broken': 'Etwas ist schiefgegangen. Deine Entwürfe und ungesendeten Nachrichten bleiben erhalten.',
  'app.notLoaded': 'Cruddur konnte nicht geladen werden.',
  'app.notLoaded.hint':
    'Prüfe deine Verbindung und lade die Seite neu. Deine Entwürfe und ungesendeten Nachrichten bleiben erhalten.',
  'app.reload': 'Neu laden',
  'app.offlinePage.hint': 'Diese Seite wird geladen, sobald du wieder verbunden bist.',
  'app.notFound': 'Nicht gefunden',
  'app.notFound.words': 'Seite nicht gefunden.',
  'app.backToMessages': 'Zurück zu den Nachrichten',
  'app.retrying': 'Neuer Versuch läuft …',
  'app.accountAtFault': 'Wende dich an deinen Administrator oder erstelle ein anderes Konto.',
  'app.loadingMessages': 'Nachrichten werden geladen',
  'app.undo': 'Rückgängig',
  'app.dismiss': 'Ausblenden',
  'app.key.Ctrl': 'Strg',
  'app.key.Alt': 'Alt',
  'app.key.Shift': 'Umschalt',
  'app.key.Enter': 'Eingabe',
  'app.key.Esc': 'Esc',
  'app.key.Delete': 'Entf',
  'app.key.Backspace': 'Rücktaste',
  'app.sessionExpired': 'Deine Sitzung ist abgelaufen. Melde dich an, um fortzufahren.',
  'app.account': 'Konto',
  'app.signOut': 'Abmelden',
  'app.settings': 'Einstellungen',
  'app.settings.loading': 'Deine Einstellungen werden geladen',
};
