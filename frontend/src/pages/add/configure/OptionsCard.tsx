import { NumberInput, SegmentedControl, Select } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import type { Report } from '@/uploads/report'
import { ENCODINGS, type Options, withOption } from '../check/choices'

const CLASS_MIN = 3

interface OptionsCardProps {
  report: Report | undefined
  options: Options
  set: (options: Options) => void
}

/** What can be decided about reading this format; what makes no difference to the source is not shown. */
export function OptionsCard({ report, options, set }: OptionsCardProps) {
  const put = (name: string) => (value: string | null) => set(withOption(options, name, value))
  const hasFiles =
    report?.annotation_sets.some(({ source }) => source.toLowerCase().endsWith('.csv')) ?? false
  const hasClasses = report?.annotation_sets.some(({ classes }) => classes.length > 0) ?? false
  const isPacked = report !== undefined && report.source.container !== 'folder'
  return (
    <section className="card" aria-label="How it is read">
      <header>
        <h2>How it is read</h2>
        <span className="m3">As proposed, unless you change it</span>
      </header>
      <div className="pad options">
        {(hasFiles || options['labels'] !== undefined) && (
          <Choice
            name="Label files"
            value={options['labels'] ?? 'read'}
            set={put('labels')}
            data={[
              { value: 'read', label: 'Read them' },
              { value: 'ignore', label: 'Pictures alone' },
            ]}
          />
        )}
        <Choice
          name="Pictures outside the limits on size"
          hint="Sides from 16 to 4,096 px, unless this server has others."
          value={options['limits'] ?? 'report'}
          set={put('limits')}
          data={[
            { value: 'report', label: 'Import them' },
            { value: 'original', label: 'Reject them' },
          ]}
        />
        {isPacked && <Encoding name="Encoding of names" value={options['encoding']} set={put('encoding')} />}
        {hasFiles && (
          <Encoding
            name="Encoding of label files"
            value={options['csv_encoding']}
            set={put('csv_encoding')}
          />
        )}
        {(hasClasses || options['class_min'] !== undefined) && (
          <Smallest value={options['class_min']} set={put('class_min')} />
        )}
      </div>
    </section>
  )
}

function Line({
  name,
  hint,
  id,
  children,
}: {
  name: string
  hint?: string
  id: string
  children: ReactNode
}) {
  return (
    <div className="row option">
      <div className="grow">
        <div className="mid" id={id}>
          {name}
        </div>
        {hint !== undefined && <div className="s12 m3">{hint}</div>}
      </div>
      {children}
    </div>
  )
}

interface ChoiceProps {
  name: string
  hint?: string
  value: string
  set: (value: string | null) => void
  /** The first is what happens unless somebody chooses. */
  data: { value: string; label: string }[]
}

function Choice({ name, hint, value, set, data }: ChoiceProps) {
  const id = useId()
  return (
    <Line name={name} id={id} {...(hint === undefined ? {} : { hint })}>
      <SegmentedControl
        aria-labelledby={id}
        value={value}
        data={data}
        onChange={(chosen) => set(chosen === data[0]?.value ? null : chosen)}
      />
    </Line>
  )
}

interface EncodingProps {
  name: string
  value: string | undefined
  set: (value: string | null) => void
}

function Encoding({ name, value, set }: EncodingProps) {
  const id = useId()
  return (
    <Line name={name} id={id}>
      <Select
        aria-labelledby={id}
        w={240}
        placeholder="As found"
        clearable
        data={ENCODINGS}
        value={value ?? null}
        onChange={set}
      />
    </Line>
  )
}

function Smallest({ value, set }: Omit<EncodingProps, 'name'>) {
  const id = useId()
  return (
    <Line name="Fewest pictures of a class" hint="Classes with fewer are reported." id={id}>
      <NumberInput
        aria-labelledby={id}
        w={96}
        min={1}
        max={1_000_000}
        allowDecimal={false}
        placeholder={String(CLASS_MIN)}
        value={value === undefined ? '' : Number(value)}
        onChange={(number) => set(number === '' ? null : String(number))}
      />
    </Line>
  )
}
