import { Button } from '@mantine/core'
import { IconLink, IconPlus, IconServer2, IconUpload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Templates } from '@/parts/Templates'
import { DropTarget } from '@/uploads/DropTarget'
import { useBeginning } from '@/uploads/useBeginning'

const ICON = { size: 20, stroke: 1.7, 'aria-hidden': true, className: 'acc' } as const

/** Three ways to begin, one of them first; examples of each layout to look at and to copy. */
export default function EmptyDatasets() {
  const { choose } = useBeginning()
  return (
    <div className="scroll-y">
      <DropTarget />
      <header className="pagehead">
        <h1 className="grow">Datasets</h1>
        <Button component={Link} to="/add" leftSection={<IconPlus size={16} aria-hidden />}>
          Add dataset
        </Button>
      </header>
      <div className="empty">
        <Panels />
        <h2 className="empty-title">No datasets yet</h2>
        <p className="m2">
          Drop a zip or a folder anywhere on this page. You see what is in it, and what is wrong with it,
          before anything is stored.
        </p>
        <div className="empty-ways">
          <Way
            icon={<IconUpload {...ICON} />}
            title="From this computer"
            text="A zip, a folder, or files: JPG, PNG or DICOM (.dcm, or without an ending). An upload goes on after a reload."
          >
            <Button variant="filled" onClick={() => choose('files')}>
              Choose files
            </Button>
            <Button onClick={() => choose('folder')}>A folder</Button>
          </Way>
          <Way
            icon={<IconLink {...ICON} />}
            title="From an address"
            text="A zip on the web is checked before it is downloaded."
          >
            <Button component={Link} to="/add?from=url">
              Paste an address
            </Button>
          </Way>
          <Way
            icon={<IconServer2 {...ICON} />}
            title="From the server"
            text="Zips and folders in what the administrator has registered."
          >
            <Button component={Link} to="/add?from=server">
              Browse folders
            </Button>
          </Way>
        </div>
        <Templates />
      </div>
    </div>
  )
}

function Way({
  icon,
  title,
  text,
  children,
}: {
  icon: ReactNode
  title: string
  text: string
  children: ReactNode
}) {
  return (
    <section className="card empty-way">
      {icon}
      <h3 className="empty-way-title">{title}</h3>
      <p className="m2 grow">{text}</p>
      <div className="row">{children}</div>
    </section>
  )
}

function Panels() {
  return (
    <svg viewBox="0 0 232 108" width={232} height={108} aria-hidden="true" className="empty-panels">
      <path d="M1 16 57 2v104L1 92z" fill="var(--accent-soft)" stroke="var(--accent-line)" />
      <path d="M231 16 175 2v104l56-14z" fill="var(--accent-soft)" stroke="var(--accent-line)" />
      <rect
        x="63"
        y="2"
        width="106"
        height="104"
        fill="var(--surface)"
        stroke="var(--line-2)"
        strokeDasharray="5 4"
      />
      <path
        d="M116 74V36m-14 14 14-14 14 14"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
