import { IconCube, IconPhoto, IconWorld } from '@tabler/icons-react'

const ICONS: Record<string, typeof IconPhoto> = { planar: IconPhoto, volume: IconCube, geospatial: IconWorld }

export function ModalityIcon({ modality }: { modality: string }) {
  const Icon = ICONS[modality] ?? IconPhoto
  return <Icon size={14} stroke={1.7} aria-hidden />
}
