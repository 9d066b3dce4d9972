/** The major version of Node in production: in the container's base image and in both Lambdas. */
export const PRODUCTION_NODE_MAJOR = 24;

/**
 * esbuild options that bundle a Node program with all its imports, for the server's container and the Lambda.
 *
 * Names are kept because logs and libraries identify errors by them. CommonJS packages in the bundle need the banner to
 * require Node's modules.
 */
export const nodeBundle = {
  bundle: true,
  platform: 'node' as const,
  target: `node${PRODUCTION_NODE_MAJOR}`,
  format: 'esm' as const,
  minify: true,
  keepNames: true,
  sourcemap: true,
  // Stack traces only need positions.
  sourcesContent: false,
  mainFields: ['module', 'main'],
  // An optional driver of pg that we do not install.
  external: ['pg-native'],
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  legalComments: 'none' as const,
  logLevel: 'warning' as const,
};
