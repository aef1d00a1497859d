import { Button, Modal, NumberInput, Radio } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Schemas, unwrap } from '@/api/client'
import { PART_WORDS, PARTS } from '@/parts/charts/distribution'
import { FindingsList } from '@/parts/FindingsList'
import { count } from '@/parts/format'
import { ProblemNote } from '@/parts/Messages'
import { useDataset } from '../useDataset'
import { usePublished } from '../usePublished'
import { toastProblem } from '@/parts/toast'

type Plan = Schemas['SplitRequest']
type Made = Schemas['SplitMade']
type By = NonNullable<Plan['by']>

const WAYS: { value: By; label: string; description: string }[] = [
  {
    value: 'group',
    label: 'Studies and duplicates stay together',
    description: 'Nothing that a model has seen in training is in validation or test.',
  },
  {
    value: 'study',
    label: 'Studies stay together',
    description: 'Duplicates across studies may be in two parts.',
  },
  {
    value: 'item',
    label: 'Each picture by itself',
    description: 'Pictures of one study may be in two parts: results will look better than they are.',
  },
]

const GREATEST_SEED = Number.MAX_SAFE_INTEGER

/** Deals the pictures anew, as the next version; what then leaks is shown before the dialog goes. */
export function SplitDialog({ close }: { close: () => void }) {
  const { show, version } = useDataset()
  const [before] = useState(version)
  const published = usePublished()
  const plan = show.split_plan
  const [shares, setShares] = useState(() =>
    (plan?.ratios ?? [0.6, 0.2, 0.2]).map((each) => Math.round(each * 1000) / 10),
  )
  const [seed, setSeed] = useState(plan?.seed ?? 0)
  const [by, setBy] = useState<By>('group')
  const split = useMutation({
    mutationFn: (body: Plan) =>
      unwrap(
        api.POST('/api/v1/datasets/{dataset}/split', { params: { path: { dataset: published.at } }, body }),
      ),
    onSuccess: (made) => {
      if (made.findings.length > 0) return published.renew()
      close()
      published.say({ version: made.version, title: 'The pictures are dealt anew' })
    },
  })
  const sum = Math.round(shares.reduce((total, each) => total + each, 0) * 10) / 10
  if (split.data !== undefined && split.data.findings.length > 0) {
    return <Outcome made={split.data} close={close} revert={() => published.revert(before)} />
  }
  return (
    <Modal opened onClose={close} title="Split again?" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="col dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          split.mutate({ ratios: shares.map((each) => each / 100), seed, by, name: 'default' })
        }}
      >
        <div className="m2">
          Every picture gets a part anew, also those that were moved by hand. It is published as the next
          version; this one stays as it is.
        </div>
        <div className="split-shares">
          {PARTS.map((part, index) => (
            <NumberInput
              key={part}
              label={`${PART_WORDS[part]}, %`}
              min={0}
              max={100}
              decimalScale={1}
              value={shares[index] ?? 0}
              onChange={(value) => setShares(shares.map((each, at) => (at === index ? Number(value) : each)))}
            />
          ))}
          <NumberInput
            label="Seed"
            allowDecimal={false}
            min={0}
            max={GREATEST_SEED}
            value={seed}
            onChange={(value) => setSeed(Number(value))}
          />
        </div>
        <div className={sum === 100 ? 'hint' : 'hint bad'} role="status">
          {sum === 100 ? 'The same seed gives the same split.' : `Together they are ${sum} %. Make it 100 %.`}
        </div>
        <Radio.Group
          label="What stays together"
          value={by}
          onChange={(value) => setBy(WAYS.find((way) => way.value === value)?.value ?? 'group')}
        >
          <div className="col split-ways">
            {WAYS.map((way) => (
              <Radio key={way.value} {...way} size="xs" />
            ))}
          </div>
        </Radio.Group>
        <ProblemNote error={split.error} />
        <div className="row dialog-foot">
          <span className="grow" />
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="filled" disabled={sum !== 100} loading={split.isPending}>
            Split again
          </Button>
        </div>
      </form>
    </Modal>
  )
}

interface OutcomeProps {
  made: Made
  close: () => void
  revert: () => Promise<void>
}

function Outcome({ made, close, revert }: OutcomeProps) {
  const undo = () => {
    revert()
      .then(close)
      .catch((error: unknown) => toastProblem(error, 'It could not be undone'))
  }
  return (
    <Modal
      opened
      onClose={close}
      size={640}
      title={`Version ${count(made.version)} is split. Keep it?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <FindingsList findings={made.findings} />
      <div className="row dialog-foot">
        <Button onClick={undo}>Take it back</Button>
        <span className="grow" />
        <Button variant="filled" onClick={close} data-autofocus>
          Keep it
        </Button>
      </div>
    </Modal>
  )
}
