import type { worker as en } from '../../en/first/worker.ts';
import type { Translation } from '../../text-types.ts';

export const worker: Translation<typeof en> = {
  'worker.updateReady': 'Eine neue Version ist bereit.',
  'worker.update': 'Aktualisieren',
  'worker.newMessage': 'Neue Nachricht',
};
