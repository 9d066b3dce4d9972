import { buildApp } from './build-app.ts';
import { checkApp } from './check-app.ts';

const { app } = buildApp();
checkApp(app);
app.synth();
