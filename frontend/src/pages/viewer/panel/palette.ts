const SIZE = 12

/** The label palette of the theme, as #rrggbb. */
export function paletteHere(): string[] {
  const style = getComputedStyle(document.documentElement)
  return Array.from({ length: SIZE }, (_, index) =>
    style
      .getPropertyValue(`--c${index + 1}`)
      .trim()
      .toLowerCase(),
  ).filter((color) => /^#[0-9a-f]{6}$/.test(color))
}
