import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useDataset } from './useDataset'
import { distributionFile } from './useDistribution'

/** The label distribution of a set as a CSV file. */
export function DistributionDownload({ set }: { set: string }) {
  const { show, version } = useDataset()
  return (
    <Button
      component="a"
      href={distributionFile(show.id, version, set)}
      download
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      CSV
    </Button>
  )
}
