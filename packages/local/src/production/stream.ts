import { pathToFileURL } from 'node:url';
import { readOrExit, readStackEnv } from '@cruddur/config/env';
import { runStream } from '../stack/run-stream.ts';
import type { LambdaHandler } from '../stream-runner/read-stream.ts';

// The stream runner of `npm start`: calls the bundled Lambda, which reads its configuration from its environment.

const { handler }: { handler: LambdaHandler } = await import(pathToFileURL(process.argv[2] ?? '').href);
runStream(readOrExit(readStackEnv), handler);
