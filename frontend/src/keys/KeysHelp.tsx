import { Button, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Caps } from './Caps'
import { comboOf } from './combo'
import { changeKey, combosOf, type KeyAction, useBoundKeys } from './registry'

/** The keys of the page as it is, each of which can be changed: press the line, then the new key. */
export default function KeysHelp({ opened, close }: { opened: boolean; close: () => void }) {
  const bound = useBoundKeys()
  const [asking, setAsking] = useState<string | null>(null)
  const groups = Map.groupBy(
    [...new Map(bound.map((action) => [action.id, action])).values()],
    (action) => action.group,
  )

  useEffect(() => {
    if (asking === null) return
    const take = (event: KeyboardEvent) => {
      const combo = comboOf(event)
      if (combo === '') return
      event.preventDefault()
      event.stopPropagation()
      if (combo !== 'Escape') changeKey(asking, combo)
      setAsking(null)
    }
    window.addEventListener('keydown', take, { capture: true })
    return () => window.removeEventListener('keydown', take, { capture: true })
  }, [asking])

  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Keys"
      size={640}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="keys-groups">
        {[...groups].map(([group, actions]) => (
          <section key={group}>
            <h3 className="m2">{group}</h3>
            {actions.map((action) => (
              <KeyLine key={action.id} action={action} asked={asking === action.id} ask={setAsking} />
            ))}
          </section>
        ))}
      </div>
      <div className="row keys-foot">
        <span className="m3 s12 grow">Press a line, then the key that you would rather have.</span>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => bound.forEach(({ id }) => changeKey(id, null))}
        >
          All as they were
        </Button>
      </div>
    </Modal>
  )
}

function KeyLine({ action, asked, ask }: { action: KeyAction; asked: boolean; ask: (id: string) => void }) {
  return (
    <button type="button" className="plain row key-line" onClick={() => ask(action.id)}>
      <span className="grow">{action.label}</span>
      {asked ? (
        <span className="acc s12">press a key…</span>
      ) : (
        combosOf(action).map((c) => <Caps key={c} combo={c} />)
      )}
    </button>
  )
}
