/** Side of the canvas and size of the font, in pixels: as large as needed to tell a glyph of several from one. */
const SIZE = 16;
const FONT = `${SIZE}px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif`;

/**
 * Whether the device draws an emoji as one coloured glyph. A missing one is drawn as a box in the text's colour, a sequence
 * that the font does not know as several glyphs.
 */
export function isDrawnInColour(emoji: string): boolean {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (context === null) return false;
  context.font = FONT;
  context.textBaseline = 'top';
  if (context.measureText(emoji).width >= 2 * SIZE) return false;
  const pixelsIn = (colour: string) => {
    context.clearRect(0, 0, SIZE, SIZE);
    context.fillStyle = colour;
    context.fillText(emoji, 0, 0);
    return context.getImageData(0, 0, SIZE, SIZE).data;
  };
  const [blue, red] = [pixelsIn('#00f'), pixelsIn('#f00')];
  return blue.every((value, index) => value === red[index]);
}
