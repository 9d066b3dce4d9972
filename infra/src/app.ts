import { buildApp } from './build-app.ts';
import { checkWithNag } from './nag.ts';

const { app } = buildApp();
checkWithNag(app);
app.synth();
