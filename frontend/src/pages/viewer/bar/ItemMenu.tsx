import { Popover, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { problemOf } from '@/api/errors'
import { Name } from '@/parts/Name'
import { toastProblem } from '@/parts/toast'
import { useCurrentKey, useViewer } from '../hooks/useViewer'
import { keyAt, useItemList } from '../hooks/useItemList'

/** The item's name; pressing it opens the list of all items, to search in or to go to a number. */
export function ItemMenu() {
  const key = useCurrentKey()
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus width={360}>
      <Popover.Target>
        <UnstyledButton
          className="row vbar-item"
          aria-label={`Item ${key}. Choose another`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <b className="el">
            <Name text={key} file />
          </b>
          <IconChevronDown size={14} stroke={1.7} className="m3" aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="item-menu">
        <Choices close={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Choices({ close }: { close: () => void }) {
  const viewer = useViewer()
  const { item, goTo } = viewer
  const key = useCurrentKey()
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 150)
  const list = useItemList(viewer, settled)
  const choose = (wanted: string) => {
    goTo(wanted)
    close()
  }
  const goToNumber = (text: string) => {
    const number = Number(text.replace(/[,\s]/g, ''))
    if (!Number.isInteger(number) || number < 1 || number > (item.total ?? 0)) return
    keyAt(viewer, number - 1)
      .then((found) => found !== null && choose(found))
      .catch((error: unknown) => toastProblem(error))
  }
  return (
    <>
      <div className="row item-menu-head">
        <TextInput
          size="xs"
          className="grow"
          aria-label="Search items"
          placeholder="Search items"
          data-autofocus
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {item.total !== null && (
          <TextInput
            size="xs"
            w={84}
            aria-label={`Go to a number from 1 to ${item.total}`}
            placeholder={`1–${item.total}`}
            inputMode="numeric"
            onKeyDown={(event) => {
              if (event.key === 'Enter') goToNumber(event.currentTarget.value)
            }}
          />
        )}
      </div>
      <ul className="item-list" aria-label="Items">
        {list.items.map((each) => (
          <li key={each.key}>
            <button
              type="button"
              className={`plain row ${each.key === key ? 'on' : ''}`}
              aria-current={each.key === key}
              onClick={() => choose(each.key)}
            >
              <img src={each.thumbnail} alt="" width={28} height={28} loading="lazy" />
              <Name text={each.key} file />
            </button>
          </li>
        ))}
        {list.hasMore && (
          <li>
            <button type="button" className="plain acc s12 item-more" onClick={list.more}>
              More
            </button>
          </li>
        )}
      </ul>
      {list.error !== null && <p className="bad s12">{problemOf(list.error).message}</p>}
      {list.isDone && list.items.length === 0 && (
        <p className="m3 s12">No item has “{settled}” in its name.</p>
      )}
    </>
  )
}
