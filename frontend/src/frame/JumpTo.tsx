import { Modal, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowRight, IconPhoto, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { api, unwrap } from '@/api/client'
import { plural, visibleEnd } from '@/parts/format'
import './jump.css'

interface Place {
  id: string
  to: string
  title: string
  text: string
  isDataset: boolean
}

const ROOMS: readonly Place[] = [
  { id: 'datasets', to: '/datasets', title: 'Datasets', text: 'All that you may see', isDataset: false },
  {
    id: 'add',
    to: '/add',
    title: 'Add dataset',
    text: 'A zip, files, a folder, an address',
    isDataset: false,
  },
  { id: 'jobs', to: '/jobs', title: 'Jobs', text: 'What runs, ran and failed', isDataset: false },
  { id: 'people', to: '/organization/people', title: 'People', text: 'Organization', isDataset: false },
  { id: 'teams', to: '/organization/teams', title: 'Teams', text: 'Organization', isDataset: false },
  { id: 'roots', to: '/organization/roots', title: 'Server folders', text: 'Organization', isDataset: false },
  { id: 'account', to: '/account', title: 'Account and tokens', text: 'Your own', isDataset: false },
]
const SHOWN = 8

/** Jump to a dataset or a room by a part of its name; arrows choose, Enter goes. */
export default function JumpTo({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="12vh"
      centered={false}
    >
      <Search close={close} />
    </Modal>
  )
}

function Search({ close }: { close: () => void }) {
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const places = usePlaces(text)
  const chosen = places[Math.min(at, places.length - 1)]

  const go = (place: Place | undefined) => {
    if (place === undefined) return
    close()
    void navigate(place.to)
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((Math.min(at, places.length - 1) + step + places.length) % Math.max(places.length, 1))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      go(chosen)
    }
  }

  return (
    <div role="search" aria-label="Jump to">
      <TextInput
        data-autofocus
        className="jump-field"
        variant="unstyled"
        size="lg"
        aria-label="Jump to"
        role="combobox"
        aria-expanded
        aria-controls="jump-places"
        aria-activedescendant={chosen && `jump-${chosen.id}`}
        placeholder="A dataset, a page"
        leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={press}
      />
      <div id="jump-places" role="listbox" aria-label="Places" className="jump-places">
        {places.map((place) => (
          <PlaceLine key={place.id} place={place} chosen={place === chosen} go={() => go(place)} />
        ))}
        {places.length === 0 && <p className="m3 jump-none">Nothing is called that.</p>}
      </div>
    </div>
  )
}

function PlaceLine({ place, chosen, go }: { place: Place; chosen: boolean; go: () => void }) {
  const Icon = place.isDataset ? IconPhoto : IconArrowRight
  return (
    <button
      type="button"
      role="option"
      id={`jump-${place.id}`}
      aria-selected={chosen}
      tabIndex={-1}
      className={`plain row jump-place ${chosen ? 'on' : ''}`}
      onClick={go}
    >
      <Icon size={16} stroke={1.7} className="m3" aria-hidden />
      <bdi className="el grow">{visibleEnd(place.title)}</bdi>
      <span className="m3 s12 nowrap">{place.text}</span>
    </button>
  )
}

function usePlaces(text: string): readonly Place[] {
  const [search] = useDebouncedValue(text.trim(), 120)
  const found = useQuery({
    queryKey: ['datasets', 'jump', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/datasets', {
          params: { query: { search: search || undefined, limit: SHOWN } },
          signal,
        }),
      ),
  })
  const datasets = (found.data?.items ?? []).map((dataset) => ({
    id: dataset.id,
    to: `/datasets/${encodeURIComponent(dataset.name)}`,
    title: dataset.display_name,
    text: plural(dataset.counts.items, 'item'),
    isDataset: true,
  }))
  const wanted = text.trim().toLowerCase()
  // Until the answer to what was typed is there, Enter must not open what was asked for before.
  const isOld = search !== text.trim() || found.isPlaceholderData
  const fitting = isOld ? datasets.filter((place) => place.title.toLowerCase().includes(wanted)) : datasets
  return [...fitting, ...ROOMS.filter((room) => room.title.toLowerCase().includes(wanted))]
}
