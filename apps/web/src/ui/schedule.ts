/** Calls back after that many milliseconds; returns what cancels it. */
export function schedule(callback: () => void, delay: number): () => void {
  const timer = setTimeout(callback, delay);
  return () => clearTimeout(timer);
}
