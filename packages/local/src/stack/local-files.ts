import path from 'node:path';
import { vapidKeysFile } from '@cruddur/config/vapid-keys';

/** Files and folders under `LOCAL_DATA_DIR`. */
export function localFiles(dataDir: string) {
  return {
    dynamodb: path.join(dataDir, 'dynamodb'),
    postgres: path.join(dataDir, 'postgres'),
    cognito: path.join(dataDir, 'cognito'),
    logs: path.join(dataDir, 'logs'),
    /** The process that runs the stack, and whether it is ready. */
    supervisor: path.join(dataDir, 'supervisor.json'),
    /** How far the table's stream has been handled, for the group rows and for the search index. */
    streamCheckpoint: path.join(dataDir, 'stream-checkpoint.json'),
    indexCheckpoint: path.join(dataDir, 'index-checkpoint.json'),
    /** With which the server identifies itself to push services. */
    vapidKeys: vapidKeysFile(dataDir),
    /** Stream records that could not be handled, one line of JSON each. */
    streamDeadLetters: path.join(dataDir, 'stream-dead-letters.jsonl'),
    /** Stream records that no retry can fix, parked by the Lambdas. */
    failedRecords: path.join(dataDir, 'failed-records'),
    pushDeadLetters: path.join(dataDir, 'push-dead-letters.jsonl'),
    indexDeadLetters: path.join(dataDir, 'index-dead-letters.jsonl'),
  };
}
