/** Whether the browser can draw raw tiles: WebGL with textures of floats. */
export function hasWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl')
  if (context === null) return false
  const hasFloats = context.getExtension('OES_texture_float') !== null
  // Browsers hold few contexts at a time.
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return hasFloats
}
