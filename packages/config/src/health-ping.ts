/** The call without an account by which monitoring sees, through CloudFront, that the API answers. */
export const HEALTH_PING = {
  path: '/trpc/health.ping',
  /** No other answer contains it: the page is returned for many paths, also while the API is away. */
  answer: 'cruddur-api-answers',
} as const;
