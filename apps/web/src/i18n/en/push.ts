export const push = {} as const;
