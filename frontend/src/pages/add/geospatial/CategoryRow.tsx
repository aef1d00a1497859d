import { ActionIcon, Checkbox, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { count } from '@/parts/format'
import type { FormCategory } from '@/parts/recipe/form'
import { categoryProblems } from '@/parts/recipe/problems'

interface CategoryRowProps {
  category: FormCategory
  categories: readonly FormCategory[]
  /** Sampled pixels of it; null where none were. */
  pixels: number | null
  change: (change: Partial<FormCategory>) => void
  remove: () => void
}

/** A label category: its value in the masks, its name, how it is drawn and what it weighs. */
export function CategoryRow({ category, categories, pixels, change, remove }: CategoryRowProps) {
  const problems = categoryProblems(category, categories)
  const what = category.name.trim() || category.id || 'the new label'
  const field = (name: 'id' | 'name' | 'opacity' | 'weight', label: string, placeholder = '') => (
    <input
      className={`geo-cell ${name === 'name' ? '' : 'num'}`}
      aria-label={`${label} of ${what}`}
      aria-invalid={problems[name] !== null}
      placeholder={placeholder}
      dir={name === 'name' ? 'auto' : 'ltr'}
      inputMode={name === 'name' ? 'text' : 'decimal'}
      value={category[name]}
      onChange={({ currentTarget: { value } }) => change({ [name]: value })}
    />
  )
  return (
    <tr>
      <td>{field('id', 'ID')}</td>
      <td>
        <input
          type="color"
          className="geo-swatch"
          aria-label={`Colour of ${what}`}
          value={category.color.toLowerCase()}
          onChange={(event) => change({ color: event.currentTarget.value.toUpperCase() })}
        />
      </td>
      <td className="geo-category-name">{field('name', 'Name')}</td>
      <td>{field('opacity', 'Opacity')}</td>
      <td>{field('weight', 'Weight', 'auto')}</td>
      <td>
        <Checkbox
          aria-label={`Ignore ${what}`}
          checked={category.ignore}
          onChange={() => change({ ignore: !category.ignore })}
        />
      </td>
      <td className="num m2">{pixels === null ? '–' : count(pixels)}</td>
      <td>
        <Tooltip label="Delete">
          <ActionIcon size={24} aria-label={`Delete ${what}`} onClick={remove}>
            <IconTrash size={14} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </td>
    </tr>
  )
}
