/** Colour maps by evenly spaced colours, dark to bright; those of matplotlib and of ColorBrewer. */
export const PALETTES = {
  grey: ['#000000', '#ffffff'],
  viridis: spaced('440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725'),
  magma: spaced('000004 1c1044 4f127b 812581 b5367a e55064 fb8761 fec287 fcfdbf'),
  inferno: spaced('000004 1f0c48 550f6d 88226a ba3655 e35933 f98e09 f9c932 fcffa4'),
  cividis: spaced('00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 fee838'),
  rdylgn: spaced('a50026 d73027 f46d43 fdae61 fee08b ffffbf d9ef8b a6d96a 66bd63 1a9850 006837'),
  blues: spaced('f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b'),
} as const

export type PaletteName = keyof typeof PALETTES

export const PALETTE_TITLES: Record<PaletteName, string> = {
  grey: 'Grey',
  viridis: 'Viridis',
  magma: 'Magma',
  inferno: 'Inferno',
  cividis: 'Cividis',
  rdylgn: 'Red, yellow, green',
  blues: 'Blues',
}

function spaced(colors: string): readonly string[] {
  return colors.split(' ').map((color) => `#${color}`)
}

export function isPalette(name: string): name is PaletteName {
  return Object.hasOwn(PALETTES, name)
}

/** A colour map as a CSS background, from left to right. */
export function gradientOf(name: PaletteName): string {
  return `linear-gradient(to right, ${PALETTES[name].join(', ')})`
}
