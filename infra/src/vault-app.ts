import { buildVaultApp } from './backup/build-vault-app.ts';
import { checkWithNag } from './nag.ts';

const { app } = buildVaultApp();
checkWithNag(app);
app.synth();
