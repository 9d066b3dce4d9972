import { pathToFileURL } from 'node:url';
import { readOrExit, readStackEnv } from '@cruddur/config/env';
import { runStream } from '../stack/run-stream.ts';
import type { LambdaHandler } from '../stream-runner/read-stream.ts';

// The stream runner of `npm start`: calls the bundled Lambdas, which read their configuration from its environment.

const load = async (file = ''): Promise<LambdaHandler> => (await import(pathToFileURL(file).href)).handler;

const [rows, index] = await Promise.all(process.argv.slice(2, 4).map(load));
if (!rows || !index) throw new Error('The files of both Lambdas are required');
runStream(readOrExit(readStackEnv), { rows, index });
