import { readStackEnv } from '@cruddur/config/env';
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema.ts',
  out: './migrations',
  // For Drizzle Studio: the embedded database, or the one that the environment names.
  dbCredentials: { url: readStackEnv().postgres.url },
});
