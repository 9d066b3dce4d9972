import path from 'node:path';

/** Where the embedded services keep what, under the folder of `LOCAL_DATA_DIR`. */
export interface LocalFiles {
  dynamodb: string;
  postgres: string;
  cognito: string;
  logs: string;
  /** Who runs the stack, and whether it is ready. */
  supervisor: string;
  /** How far the table's stream has been handled. */
  streamCheckpoint: string;
  /** The stream's records that could not be handled, one line of JSON each. */
  streamDeadLetters: string;
}

/** Names everything that is kept in a data folder. */
export function localFiles(dataDir: string): LocalFiles {
  return {
    dynamodb: path.join(dataDir, 'dynamodb'),
    postgres: path.join(dataDir, 'postgres'),
    cognito: path.join(dataDir, 'cognito'),
    logs: path.join(dataDir, 'logs'),
    supervisor: path.join(dataDir, 'supervisor.json'),
    streamCheckpoint: path.join(dataDir, 'stream-checkpoint.json'),
    streamDeadLetters: path.join(dataDir, 'stream-dead-letters.jsonl'),
  };
}
