import { useState } from 'react'
import { count } from '@/parts/format'
import { Name } from '@/parts/Name'
import type { LabelCategory } from './recipe'
import './recipe.css'

const ROWS_SHOWN = 30

/** The label categories: ID, colour, name, and how they are drawn and weighed. */
export function CategoryList({ categories }: { categories: readonly LabelCategory[] }) {
  const [whole, setWhole] = useState(false)
  const shown = whole ? categories : categories.slice(0, ROWS_SHOWN)
  return (
    <div className="recipe-scroll">
      <table className="recipe-table" aria-label="Label categories">
        <thead>
          <tr>
            <th scope="col" className="num">
              Label ID
            </th>
            <th scope="col">Label name</th>
            <th scope="col" className="num">
              Opacity
            </th>
            <th scope="col" className="num">
              Weight
            </th>
            <th scope="col">Learnt from</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((category) => (
            <tr key={category.id}>
              <td className="num m3">{category.id}</td>
              <td>
                <span className="row">
                  <span className="sq lg" style={{ background: category.color }} />
                  <Name text={category.name} />
                </span>
              </td>
              <td className="num m2">{category.opacity}</td>
              <td className="num m2">{category.weight ?? 'auto'}</td>
              <td className="m2">{category.ignore ? 'no, ignored' : 'yes'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < categories.length && (
        <button type="button" className="plain acc s12 recipe-more" onClick={() => setWhole(true)}>
          All {count(categories.length)} labels
        </button>
      )}
    </div>
  )
}
