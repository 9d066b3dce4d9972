export const worker = {
  'worker.updateReady': 'A new version is ready.',
  'worker.update': 'Update',
} as const;
