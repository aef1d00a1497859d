import { Button, Modal, NumberInput, Radio, Skeleton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '@/api/client'
import { PART_WORDS, PARTS } from '@/parts/charts/distribution'
import { ProblemNote } from '@/parts/Messages'
import { itemsWords } from '@/parts/words'
import { useDataset } from '../useDataset'
import { usePublished } from '../usePublished'
import { SplitOutcome } from './SplitOutcome'
import { SplitWayFields } from './SplitWayFields'
import { formProblem, type Plan, requestOf, type SplitForm, waysOf } from './splitWays'
import { useSplitReport } from './useSplitReport'

const GREATEST_SEED = Number.MAX_SAFE_INTEGER
const SHARES = [0.6, 0.2, 0.2]

/** Deals the items anew, as the next version; what then leaks is shown before the dialog goes. */
export function SplitDialog({ close }: { close: () => void }) {
  const { show, version } = useDataset()
  const [before] = useState(version)
  const published = usePublished()
  const plan = show.split_plan
  const [form, setForm] = useState<SplitForm>({
    shares: (plan?.ratios ?? SHARES).map((each) => Math.round(each * 1000) / 10),
    seed: plan?.seed ?? 0,
    by: 'group',
    blockSize: '',
    buffer: '',
    timeGap: '',
  })
  const change = (values: Partial<SplitForm>) => setForm((now) => ({ ...now, ...values }))
  const split = useMutation({
    mutationFn: (body: Plan) =>
      unwrap(
        api.POST('/api/v1/datasets/{dataset}/split', { params: { path: { dataset: published.at } }, body }),
      ),
    onSuccess: (made) => {
      if (made.findings.length > 0) return published.renew()
      close()
      published.say({
        version: made.version,
        title: `The ${itemsWords(show.modality)[1]} are dealt anew`,
      })
    },
  })
  if (split.data !== undefined && split.data.findings.length > 0) {
    return <SplitOutcome made={split.data} close={close} revert={() => published.revert(before)} />
  }
  const problem = formProblem(form)
  return (
    <Modal
      opened
      onClose={close}
      size={520}
      title="Split again?"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className="col dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          split.mutate(requestOf(form))
        }}
      >
        <div className="m2">
          Every {itemsWords(show.modality)[0]} gets a part anew, also those that were moved by hand. It is
          published as the next version; this one stays as it is.
        </div>
        <SharesFields form={form} change={change} />
        <div className={problem === null ? 'hint' : 'hint bad'} role="status">
          {problem ??
            (form.by === 'time'
              ? 'Times decide; the seed does nothing.'
              : 'The same seed gives the same split.')}
        </div>
        <Ways form={form} change={change} />
        <ProblemNote error={split.error} />
        <div className="row dialog-foot">
          <span className="grow" />
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="filled" disabled={problem !== null} loading={split.isPending}>
            Split again
          </Button>
        </div>
      </form>
    </Modal>
  )
}

interface FieldsProps {
  form: SplitForm
  change: (change: Partial<SplitForm>) => void
}

function SharesFields({ form: { shares, seed }, change }: FieldsProps) {
  return (
    <div className="split-shares">
      {PARTS.map((part, index) => (
        <NumberInput
          key={part}
          label={`${PART_WORDS[part]}, %`}
          min={0}
          max={100}
          decimalScale={1}
          value={shares[index] ?? 0}
          onChange={(value) =>
            change({ shares: shares.map((each, at) => (at === index ? Number(value) : each)) })
          }
        />
      ))}
      <NumberInput
        label="Seed"
        allowDecimal={false}
        min={0}
        max={GREATEST_SEED}
        value={seed}
        onChange={(value) => change({ seed: Number(value) })}
      />
    </div>
  )
}

/** What stays together; of chips what their places and times allow. */
function Ways({ form, change }: FieldsProps) {
  const { show } = useDataset()
  const isGeospatial = show.modality === 'geospatial'
  const report = useSplitReport(isGeospatial)
  const offers = report.data?.offers ?? []
  const ways = waysOf(isGeospatial, offers)
  return (
    <>
      <Radio.Group
        label="What stays together"
        value={form.by}
        onChange={(value) => change({ by: ways.find((way) => way.value === value)?.value ?? 'group' })}
      >
        <div className="col split-ways" aria-busy={report.isLoading}>
          {ways.map((way) => (
            <Radio key={way.value} {...way} size="xs" />
          ))}
          {report.isLoading && <Skeleton className="waits" height={34} />}
        </div>
      </Radio.Group>
      <ProblemNote error={report.error} />
      <SplitWayFields form={form} offers={offers} change={change} />
    </>
  )
}
