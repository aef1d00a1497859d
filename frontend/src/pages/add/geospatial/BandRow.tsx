import { ActionIcon, Checkbox, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { count } from '@/parts/format'
import { Name } from '@/parts/Name'
import type { FormBand } from '@/parts/recipe/form'
import { offsetProblem, scaleProblem } from '@/parts/recipe/problems'
import { type Color, COLORS } from '@/parts/recipe/recipe'

interface BandRowProps {
  band: FormBand
  isFirst: boolean
  isLast: boolean
  isNameWrong: boolean
  /** Mean and deviation of a file that was looked into. */
  sampled: string
  /** The list of names of its collection, by the id of a datalist. */
  names: string
  change: (change: Partial<FormBand>) => void
  call: (name: string) => void
  color: (color: Color) => void
  move: (by: -1 | 1) => void
}

const COLOR_WORDS: Record<Color, string> = { R: 'red', G: 'green', B: 'blue' }

/** A band: whether it is used, what it is called, its colour in the picture, and how values come of its samples. */
export function BandRow({
  band,
  isFirst,
  isLast,
  isNameWrong,
  sampled,
  names,
  change,
  call,
  color,
  move,
}: BandRowProps) {
  const { used } = band
  const what = `band ${band.index + 1}`
  return (
    <tr className={used ? '' : 'off'}>
      <td>
        <Checkbox
          aria-label={`Use ${what}`}
          checked={used}
          onChange={() => change({ used: !used, color: used ? null : band.color })}
        />
      </td>
      <td className="num m3">{band.index + 1}</td>
      <td>
        <input
          className="geo-cell mono"
          aria-label={`Name of ${what}`}
          aria-invalid={isNameWrong}
          disabled={!used}
          spellCheck={false}
          autoComplete="off"
          list={names}
          value={band.name}
          title={band.name}
          onChange={(event) => call(event.currentTarget.value)}
        />
      </td>
      <td className="m2 geo-meaning">{band.description !== '' && <Name text={band.description} />}</td>
      <td className="num m2">{band.wavelength === null ? '' : count(Math.round(band.wavelength))}</td>
      <td>
        <span className="row geo-colors" role="group" aria-label={`Colour of ${what}`}>
          {COLORS.map((each) => (
            <button
              key={each}
              type="button"
              className={`geo-color ${each}`}
              aria-label={`${what} is ${COLOR_WORDS[each]}`}
              aria-pressed={band.color === each}
              disabled={!used}
              onClick={() => color(each)}
            >
              {each}
            </button>
          ))}
        </span>
      </td>
      <td>
        <input
          className="geo-cell num"
          aria-label={`Scale of ${what}`}
          aria-invalid={used && scaleProblem(band.scale) !== null}
          inputMode="decimal"
          disabled={!used}
          value={band.scale}
          onChange={(event) => change({ scale: event.currentTarget.value.replace(',', '.') })}
        />
      </td>
      <td>
        <input
          className="geo-cell num"
          aria-label={`Offset of ${what}`}
          aria-invalid={used && offsetProblem(band.offset) !== null}
          inputMode="decimal"
          disabled={!used}
          value={band.offset}
          onChange={(event) => change({ offset: event.currentTarget.value.replace(',', '.') })}
        />
      </td>
      <td className="num m2 geo-sampled">{sampled}</td>
      <td>
        <span className="row geo-order">
          <Tooltip label="Earlier in the order">
            <ActionIcon size={24} aria-label={`Move ${what} up`} disabled={isFirst} onClick={() => move(-1)}>
              <IconArrowUp size={14} stroke={1.7} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Later in the order">
            <ActionIcon size={24} aria-label={`Move ${what} down`} disabled={isLast} onClick={() => move(1)}>
              <IconArrowDown size={14} stroke={1.7} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </span>
      </td>
    </tr>
  )
}
