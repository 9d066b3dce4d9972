/** The major version of Node in production: in the container's base image and in both Lambdas. */
export const PRODUCTION_NODE_MAJOR = 24;

/**
 * esbuild options that bundle a Node program with everything it imports, for the server's container and the Lambda.
 *
 * Names are kept, since logs and libraries identify errors by them. The banner is for CommonJS packages inside an ES
 * module, which require Node's own modules when they run.
 */
export const nodeBundle = {
  bundle: true,
  platform: 'node' as const,
  target: `node${PRODUCTION_NODE_MAJOR}`,
  format: 'esm' as const,
  minify: true,
  keepNames: true,
  sourcemap: true,
  // Without the sources' text: stack traces need only the positions.
  sourcesContent: false,
  mainFields: ['module', 'main'],
  // pg tries its native driver, which we do not install, and continues without it.
  external: ['pg-native'],
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  legalComments: 'none' as const,
  logLevel: 'warning' as const,
};
