/** The major version of Node in production: in the container's base image and in both Lambdas. */
export const PRODUCTION_NODE_MAJOR = 24;

/** esbuild options that bundle a Node program with all its imports, for the server's container and the Lambdas. */
export const nodeBundle = {
  bundle: true,
  platform: 'node' as const,
  target: `node${PRODUCTION_NODE_MAJOR}`,
  format: 'esm' as const,
  // Without `keepNames`, which names every closure when it is created: a tenth of a call's processor time
  // (decision 0013) and a fifth of a stream's memory. Our errors set their names.
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  mainFields: ['module', 'main'],
  // An optional driver of pg that we do not install.
  external: ['pg-native'],
  // CommonJS packages require Node's modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  legalComments: 'none' as const,
  logLevel: 'warning' as const,
};

/**
 * Replaced in the Lambdas' bundles: the SDK's sources of credentials other than the environment (profiles, SSO, instance
 * metadata) are a third of such a bundle and a third of the processor time of its import.
 */
export const LAMBDA_ALIAS = { '@aws-sdk/credential-provider-node': '@cruddur/config/lambda-credentials' };
