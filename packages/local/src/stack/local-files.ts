import path from 'node:path';

/** Files and folders under `LOCAL_DATA_DIR`. */
export function localFiles(dataDir: string) {
  return {
    dynamodb: path.join(dataDir, 'dynamodb'),
    postgres: path.join(dataDir, 'postgres'),
    cognito: path.join(dataDir, 'cognito'),
    logs: path.join(dataDir, 'logs'),
    /** The process that runs the stack, and whether it is ready. */
    supervisor: path.join(dataDir, 'supervisor.json'),
    /** How far the table's stream has been handled. */
    streamCheckpoint: path.join(dataDir, 'stream-checkpoint.json'),
    /** Stream records that could not be handled, one line of JSON each. */
    streamDeadLetters: path.join(dataDir, 'stream-dead-letters.jsonl'),
  };
}
