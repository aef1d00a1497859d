import { TextInput } from '@mantine/core'
import { count } from '@/parts/format'
import { type Offer, type SplitForm, TAKES } from './splitWays'

interface SplitWayFieldsProps {
  form: SplitForm
  offers: readonly Offer[]
  change: (change: Partial<SplitForm>) => void
}

/** What belongs to a way of splitting: how large squares are, how far train keeps away, what lies between the parts. */
export function SplitWayFields({ form, offers, change }: SplitWayFieldsProps) {
  const size = offers.find(({ by }) => by === 'block')?.block_size
  const shows = (field: keyof typeof TAKES) => TAKES[field].includes(form.by)
  const number = (field: keyof typeof TAKES, label: string, placeholder: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      placeholder={placeholder}
      inputMode="decimal"
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={form[field]}
      onChange={({ currentTarget: { value } }) => change({ [field]: value.replace(',', '.') })}
    />
  )
  return (
    <div className="split-way-fields">
      {shows('blockSize') &&
        number(
          'blockSize',
          'Side of a square, m',
          size == null ? '' : `${count(size)}, reckoned`,
          'Empty: a size that fits.',
        )}
      {shows('buffer') &&
        number('buffer', 'Buffer, m', '0', 'Chips of train that lie nearer to another part are left out.')}
      {shows('timeGap') &&
        number('timeGap', 'Gap, days', '0', 'Chips of these days before validation and test are left out.')}
    </div>
  )
}
