import { Button, Modal, Radio, SegmentedControl } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '@/api/client'
import { FindingsList } from '@/parts/FindingsList'
import { Note, ProblemNote } from '@/parts/Messages'
import { readRecipe } from '@/parts/recipe/recipe'
import { useDataset } from '../useDataset'
import { exportAddress, exportWays } from './exports'

const CONTAINERS = ['zip', 'tar'] as const

/** A version as an archive: in which format, what that cannot hold, and the download. */
export function ExportDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { name, show, version } = useDataset()
  const ways = exportWays(show.modality, readRecipe(show.geospatial)?.purpose ?? null)
  const [asked, setAsked] = useState('')
  const way = ways.find((each) => each.name === asked) ?? ways[0]
  const [container, setContainer] = useState<string>('zip')
  const at = `${show.id}@${version}`
  const check = useQuery({
    queryKey: ['dataset', name, 'export-check', version, way?.name],
    enabled: opened && way?.kind === 'format',
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/export/check', {
          params: { path: { dataset: at }, query: { format: way?.name ?? '' } },
        }),
      ),
  })
  if (way === undefined) return null
  const isFile = way.kind === 'file'
  const address = exportAddress(way, at, container)
  const impossible = check.data?.findings.some((finding) => finding.severity === 'error') === true
  const off = !isFile && (check.error !== null || impossible || check.isPending)
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Export as what?"
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Radio.Group value={way.name} onChange={setAsked} aria-label="Format">
        <div className="col export-formats">
          {ways.map((each) => (
            <Radio key={each.name} value={each.name} label={each.title} description={each.text} />
          ))}
        </div>
      </Radio.Group>
      <div className="export-check" aria-live="polite">
        {!isFile && <ProblemNote error={check.error} />}
        {!isFile && check.data?.findings.length === 0 && (
          <Note kind="good">Nothing is lost in this format.</Note>
        )}
        {!isFile && check.data !== undefined && check.data.findings.length > 0 && (
          <FindingsList findings={check.data.findings} />
        )}
      </div>
      <div className="row confirm-foot">
        {!isFile && (
          <SegmentedControl
            aria-label="Archive"
            value={container}
            onChange={setContainer}
            data={CONTAINERS.map((value) => ({ value, label: value }))}
          />
        )}
        <span className="grow" />
        <Button onClick={close}>Cancel</Button>
        {off ? (
          <Button variant="filled" disabled leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}>
            Download
          </Button>
        ) : (
          <Button
            component="a"
            href={address}
            download
            variant="filled"
            leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
            onClick={close}
          >
            Download
          </Button>
        )}
      </div>
    </Modal>
  )
}
