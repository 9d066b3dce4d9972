export const worker = {
  'worker.updateReady': 'A new version is ready.',
  'worker.update': 'Update',
  'worker.newMessage': 'New message',
} as const;
