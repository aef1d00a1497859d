import { useChoice } from '../../useParameter'

/** How the map is drawn, as the address has it. */
export function useMapLook() {
  const [by, setBy] = useChoice('color', ['part', 'class'])
  const [pictures, setPictures] = useChoice('pictures', ['on', 'labels', 'off'])
  return { by, setBy, pictures, setPictures }
}
