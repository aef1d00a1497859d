import { Button, Modal, Radio, SegmentedControl } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '@/api/client'
import { FindingsList } from '@/parts/FindingsList'
import { Note, ProblemNote } from '@/parts/Messages'
import { useDataset } from '../useDataset'

/** The formats that are written, with what each is for. */
const FORMATS = [
  {
    name: 'image_label',
    title: 'Pictures and label files',
    text: 'image/ and one CSV for each annotation set',
  },
  { name: 'class_folders', title: 'Folders by class', text: 'one folder of pictures for each class' },
  {
    name: 'parquet',
    title: 'Parquet tables and pictures',
    text: 'everything that is known, to be read by programs',
  },
  { name: 'coco', title: 'COCO', text: 'boxes, polygons and masks of all pictures in one JSON file' },
  { name: 'yolo', title: 'YOLO', text: 'a text file of boxes or polygons beside each picture' },
  { name: 'voc', title: 'Pascal VOC', text: 'an XML file of boxes for each picture' },
  { name: 'labelme', title: 'LabelMe', text: 'a JSON file of shapes beside each picture' },
] as const

const CONTAINERS = ['zip', 'tar'] as const

/** A version as an archive: in which format, what that cannot hold, and the download. */
export function ExportDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { name, show, version } = useDataset()
  const [format, setFormat] = useState<string>('image_label')
  const [container, setContainer] = useState<string>('zip')
  const at = `${show.id}@${version}`
  const check = useQuery({
    queryKey: ['dataset', name, 'export-check', version, format],
    enabled: opened,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/datasets/{dataset}/export/check', {
          params: { path: { dataset: at }, query: { format } },
        }),
      ),
  })
  const address = `/api/v1/datasets/${encodeURIComponent(at)}/export?format=${format}&container=${container}`
  const impossible = check.data?.findings.some((finding) => finding.severity === 'error') === true
  const off = check.error !== null || impossible || check.isPending
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Export as what?"
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Radio.Group value={format} onChange={setFormat} aria-label="Format">
        <div className="col export-formats">
          {FORMATS.map((each) => (
            <Radio key={each.name} value={each.name} label={each.title} description={each.text} />
          ))}
        </div>
      </Radio.Group>
      <div className="export-check" aria-live="polite">
        <ProblemNote error={check.error} />
        {check.data?.findings.length === 0 && <Note kind="good">Nothing is lost in this format.</Note>}
        {check.data !== undefined && check.data.findings.length > 0 && (
          <FindingsList findings={check.data.findings} />
        )}
      </div>
      <div className="row confirm-foot">
        <SegmentedControl
          aria-label="Archive"
          value={container}
          onChange={setContainer}
          data={CONTAINERS.map((value) => ({ value, label: value }))}
        />
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
