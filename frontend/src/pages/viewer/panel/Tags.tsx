import { TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { plural } from '@/parts/format'
import { useViewer } from '../hooks/useViewer'
import { IconButton } from './IconButton'

/** Everything that the file and the dataset say about the item, searchable; it stays while items change. */
export function Tags({ close }: { close: () => void }) {
  const { item } = useViewer()
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = item.metadata.filter((each) =>
    [each.group, each.name, each.value].some((text) => text.toLowerCase().includes(wanted)),
  )
  const groups = [...new Set(found.map((each) => each.group))]
  return (
    <aside className="panel tags" aria-label="Metadata">
      <div className="row tags-head">
        <h2 className="grow">Metadata</h2>
        <IconButton icon={IconX} label="Close the metadata" keys="T" onClick={close} />
      </div>
      <div className="tags-search">
        <TextInput
          size="xs"
          aria-label="Search the metadata"
          placeholder="Search names and values"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <span className="m3 s11" role="status">
          {wanted === ''
            ? plural(item.metadata.length, 'entry', 'entries')
            : `${found.length} of ${plural(item.metadata.length, 'entry', 'entries')}`}
        </span>
      </div>
      <div className="tags-list">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="m2">
              <bdi>{group}</bdi>
            </h3>
            <dl className="tags-kv">
              {found
                .filter((each) => each.group === group)
                .map((each, index) => (
                  <div key={index}>
                    <dt>
                      <bdi>{each.name}</bdi>
                    </dt>
                    <dd>
                      <bdi>{each.value}</bdi>
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        {item.metadata_withheld > 0 && (
          <p className="m3 s12">
            {plural(item.metadata_withheld, 'entry', 'entries')} more may be of a person and are shown to
            those who may edit the dataset.
          </p>
        )}
        {found.length === 0 && <p className="m3 s12">No entry contains “{search.trim()}”.</p>}
      </div>
    </aside>
  )
}
