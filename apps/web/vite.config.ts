import { readStackEnv } from '@cruddur/config/env';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const stack = readStackEnv();
const api = { '/trpc': { target: `http://127.0.0.1:${stack.apiPort}` } };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // The page learns where Cognito is when it is built; src/env.ts reads these.
  define: {
    'import.meta.env.VITE_COGNITO_USER_POOL_ID': JSON.stringify(stack.cognito.userPoolId),
    'import.meta.env.VITE_COGNITO_CLIENT_ID': JSON.stringify(stack.cognito.clientId),
    'import.meta.env.VITE_COGNITO_ENDPOINT': JSON.stringify(stack.cognito.endpoint ?? ''),
  },
  server: { host: '127.0.0.1', port: stack.webPort, strictPort: true, proxy: api },
  preview: { host: '127.0.0.1', port: stack.webPort, strictPort: true, proxy: api },
  build: { sourcemap: true },
});
