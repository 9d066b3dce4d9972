// Preloaded into a server: its wall clock is ten minutes ahead until SIGUSR2 sets it back to what it should be.

const Wall = Date;
let aheadMs = 10 * 60_000;
process.on('SIGUSR2', () => {
  aheadMs = 0;
});

globalThis.Date = class extends Wall {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Wall.now() + aheadMs] : parts));
  }

  static now() {
    return Wall.now() + aheadMs;
  }
};
