import { ActionIcon, NativeSelect, SegmentedControl, Switch, TextInput, VisuallyHidden } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconFilter, IconLayoutGrid, IconList, IconSearch, IconX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useKeys } from '@/keys/registry'
import { sortIn, SORTS } from './filters'

const ICON = { size: 14, stroke: 1.7, 'aria-hidden': true } as const

/** Search as you type, the toggle for what has annotations, order, table or cards. */
export function DatasetToolbar({ showFacets }: { showFacets: (() => void) | undefined }) {
  const [parameters, setParameters] = useSearchParams()
  const change = (name: string, value: string | null) =>
    setParameters(
      (now) => {
        const next = new URLSearchParams(now)
        if (value === null || value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  return (
    <div className="toolbar datasets-toolbar">
      <SearchField value={parameters.get('search') ?? ''} change={(text) => change('search', text)} />
      {showFacets && (
        <ActionIcon variant="default" aria-label="Filters" onClick={showFacets}>
          <IconFilter {...ICON} />
        </ActionIcon>
      )}
      <Switch
        label="Hide datasets without annotations"
        checked={parameters.get('annotated') === 'true'}
        onChange={(event) => change('annotated', event.currentTarget.checked ? 'true' : null)}
      />
      <span className="grow" />
      <NativeSelect
        w={140}
        aria-label="Order"
        data={[...SORTS]}
        value={sortIn(parameters)}
        onChange={({ currentTarget: { value } }) => change('sort', value === 'created' ? null : value)}
      />
      <SegmentedControl
        className="datasets-views"
        aria-label="View"
        data={[
          { value: 'table', label: <ViewLabel icon={<IconList {...ICON} />} word="Table" /> },
          { value: 'cards', label: <ViewLabel icon={<IconLayoutGrid {...ICON} />} word="Cards" /> },
        ]}
        value={parameters.get('view') === 'cards' ? 'cards' : 'table'}
        onChange={(view) => change('view', view === 'table' ? null : view)}
      />
    </div>
  )
}

function ViewLabel({ icon, word }: { icon: React.ReactNode; word: string }) {
  return (
    <span className="row datasets-view">
      {icon} {word}
    </span>
  )
}

const SEARCH_MS = 200

function SearchField({ value, change }: { value: string; change: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const [told, setTold] = useState(value)
  const tell = useDebouncedCallback((next: string) => {
    setTold(next)
    change(next)
  }, SEARCH_MS)
  // Back and forward change the address; what is being typed stays.
  if (value !== told) {
    setTold(value)
    setText(value)
  }
  useKeys([
    { id: 'search', combo: '/', label: 'Search the list', group: 'Lists', run: () => field.current?.focus() },
  ])
  const clear = () => {
    setText('')
    setTold('')
    change('')
    field.current?.focus()
  }
  return (
    <TextInput
      ref={field}
      className="datasets-search"
      type="search"
      aria-label="Search datasets"
      placeholder="Name, description or tag"
      leftSection={<IconSearch {...ICON} />}
      rightSection={
        text !== '' && (
          <ActionIcon size={24} onClick={clear}>
            <IconX {...ICON} />
            <VisuallyHidden>Clear the search</VisuallyHidden>
          </ActionIcon>
        )
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        tell(event.currentTarget.value)
      }}
      onKeyDown={(event) => event.key === 'Escape' && text !== '' && clear()}
    />
  )
}
