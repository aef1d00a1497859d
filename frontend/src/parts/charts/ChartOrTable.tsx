import { SegmentedControl } from '@mantine/core'

export type ChartView = 'chart' | 'table'

const VIEWS = [
  { value: 'chart', label: 'Chart' },
  { value: 'table', label: 'Table' },
]

interface ChartOrTableProps {
  view: ChartView
  setView: (view: ChartView) => void
}

/** Numbers as a chart, or as a table of the same. */
export function ChartOrTable({ view, setView }: ChartOrTableProps) {
  return (
    <SegmentedControl
      className="small-seg"
      aria-label="Show as"
      data={VIEWS}
      value={view}
      onChange={(word) => setView(word === 'table' ? 'table' : 'chart')}
    />
  )
}
