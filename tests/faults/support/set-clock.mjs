// Preloaded into a server: its wall clock is ten minutes ahead. The first SIGUSR2 corrects it. The second one moves it
// 35 seconds ahead, as if they had passed.

const Wall = Date;
let aheadMs = 10 * 60_000;
const next = [0, 35_000];
process.on('SIGUSR2', () => {
  aheadMs = next.shift() ?? aheadMs;
});

globalThis.Date = class extends Wall {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Wall.now() + aheadMs] : parts));
  }

  static now() {
    return Wall.now() + aheadMs;
  }
};
