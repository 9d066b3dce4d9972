import path from 'node:path';

/** Files and folders under `LOCAL_DATA_DIR`. */
export interface LocalFiles {
  dynamodb: string;
  postgres: string;
  cognito: string;
  logs: string;
  /** The process that runs the stack, and whether it is ready. */
  supervisor: string;
  /** How far the table's stream has been handled. */
  streamCheckpoint: string;
  /** Stream records that could not be handled, one line of JSON each. */
  streamDeadLetters: string;
}

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
