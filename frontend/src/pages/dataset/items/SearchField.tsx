import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useKeys } from '@/keys/registry'
import { useHasTags } from './Facets'
import type { View } from './useView'

const ASKED_AFTER_MS = 250

/** A part of the name, or of DICOM a tag with its value; asked for once typing pauses. */
export function SearchField({ view, withKey = false }: { view: View; withKey?: boolean }) {
  const { filters, setFilters } = view
  const [text, setText] = useState(filters.search)
  const [asked, setAsked] = useState(filters.search)
  const hasTags = useHasTags(filters)
  const words = hasTags ? 'Part of a name, or tag:value' : 'Part of a name'
  const field = useRef<HTMLInputElement>(null)
  // What else changes the search, such as a chip that takes it away, is shown here, too.
  if (asked !== filters.search) {
    setAsked(filters.search)
    setText(filters.search)
  }
  useEffect(() => {
    if (text === filters.search) return
    const timer = setTimeout(() => setFilters({ ...filters, search: text }), ASKED_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text, filters, setFilters])
  useKeys([
    {
      id: 'items-search',
      combo: '/',
      label: 'Search',
      group: 'Items',
      run: () => field.current?.focus(),
    },
  ])
  return (
    <TextInput
      ref={field}
      aria-label={words}
      placeholder={hasTags ? 'Name, or Modality:CT' : words}
      title={hasTags ? 'A part of the name, or a DICOM tag with its value: Modality:CT, KVP:1*' : undefined}
      value={text}
      maxLength={1000}
      spellCheck={false}
      leftSection={<IconSearch size={14} stroke={1.7} aria-hidden />}
      rightSection={withKey ? <kbd>/</kbd> : null}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation()
          if (text === '') event.currentTarget.blur()
          else setText('')
        }
      }}
    />
  )
}
