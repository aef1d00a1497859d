import { SegmentedControl, TagsInput } from '@mantine/core'
import { useState } from 'react'
import { plural } from '@/parts/format'
import { withDates } from '@/parts/recipe/edits'
import { bandsOfOneDate, type FormSource } from '@/parts/recipe/form'
import { datesProblem } from '@/parts/recipe/problems'

interface DatesFieldsProps {
  source: FormSource
  /** Bands that its files have. */
  inFile: number | null
  change: (change: Partial<FormSource>) => void
}

/** Dates of a file that stacks several, and which of dates and bands run first; never guessed in silence. */
export function DatesFields({ source, inFile, change }: DatesFieldsProps) {
  const [isOpen, setOpen] = useState(false)
  if (!isOpen && source.dates.length === 0) {
    return (
      <button type="button" className="plain acc s12 geo-more geo-dates-open" onClick={() => setOpen(true)}>
        A file holds several dates…
      </button>
    )
  }
  const width = bandsOfOneDate(inFile, source.dates.length)
  return (
    <>
      <TagsInput
        label="Dates in a file"
        className="geo-dates"
        placeholder="2016-07-30"
        description={
          width === null
            ? 'In the order of the file. Press Enter after each.'
            : `${plural(source.dates.length, 'date')} of ${plural(width, 'band')}: ${inFile} bands in a file.`
        }
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        splitChars={[',', ' ', ';', '\n']}
        allowDuplicates
        value={source.dates}
        error={datesProblem(source, inFile)}
        onChange={(dates) => change(withDates(source, dates, inFile))}
      />
      <div className="field">
        <span className="geo-label" id={`order-${source.key}`}>
          What runs first
        </span>
        <SegmentedControl
          aria-labelledby={`order-${source.key}`}
          data={[
            { value: 'dates_first', label: 'Date by date' },
            { value: 'bands_first', label: 'Band by band' },
          ]}
          value={source.bandOrder}
          onChange={(order) => change({ bandOrder: order === 'bands_first' ? 'bands_first' : 'dates_first' })}
        />
      </div>
    </>
  )
}
