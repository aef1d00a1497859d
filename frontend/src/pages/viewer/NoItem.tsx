import { Button } from '@mantine/core'
import { IconPhotoOff, IconPhotoSearch } from '@tabler/icons-react'
import { Link } from 'react-router'
import { problemOf } from '@/api/errors'
import { Centred } from '@/parts/Messages'
import type { Address } from './hooks/useAddress'

function items(name: string): string {
  return `/datasets/${encodeURIComponent(name)}/items`
}

/** The address names an item that the dataset has not, or not any more. */
export function NoItem({ address, name, error }: { address: Address; name: string; error: unknown }) {
  const item = address.current.get()
  const { message, hint } = problemOf(error)
  return (
    <div className="view">
      <Centred
        level={1}
        icon={<IconPhotoOff size={20} stroke={1.7} aria-hidden />}
        title="This item is not here"
        actions={
          <>
            <Button onClick={() => address.current.set(null)}>Show the first picture</Button>
            <Button component={Link} to={items(name)}>
              To all items
            </Button>
          </>
        }
      >
        <bdi className="mono">{item}</bdi>
        <br />
        {message} {hint}
      </Centred>
    </div>
  )
}

/** Nothing passes the filters of the address, or the dataset is empty. */
export function NoItems({ name }: { name: string }) {
  return (
    <div className="view">
      <Centred
        level={1}
        icon={<IconPhotoSearch size={20} stroke={1.7} aria-hidden />}
        title="No picture to show"
        actions={
          <Button component={Link} to={items(name)}>
            To all items
          </Button>
        }
      >
        No item passes the filters of this address.
      </Centred>
    </div>
  )
}
