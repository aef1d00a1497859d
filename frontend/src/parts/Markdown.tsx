import { lazy, Suspense } from 'react'
import './markdown.css'

const Drawn = lazy(() => import('./MarkdownDrawn'))

/**
 * Markdown that people wrote: headings, lists, code and links to the web. HTML in it is left out, and so are
 * pictures, which would be asked of other servers. Until its reader is there, the text stands as it is.
 */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown" dir="auto">
      <Suspense fallback={<div className="markdown-plain">{text}</div>}>
        <Drawn text={text} />
      </Suspense>
    </div>
  )
}
