// Loaded by `node --import @cruddur/config/typescript FILE.ts`. From 22.18 on Node strips types itself; tsx is for older
// versions (docs/decisions/0015).
if (!process.features.typescript) {
  const { register } = await import('tsx/esm/api');
  // A tsconfig.json in the working directory does not apply.
  register({ tsconfig: false });
}
