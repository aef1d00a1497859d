import type { ReactNode } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import { webAddress } from './webAddress'

interface Shown {
  children?: ReactNode
}

// Pages have headings of their own: those of a text come below them.
const COMPONENTS: Components = {
  a: WebLink,
  h1: ({ children }: Shown) => <h4>{children}</h4>,
  h2: ({ children }: Shown) => <h5>{children}</h5>,
  h3: ({ children }: Shown) => <h6>{children}</h6>,
  h4: ({ children }: Shown) => <h6>{children}</h6>,
  h5: ({ children }: Shown) => <h6>{children}</h6>,
}

export default function MarkdownDrawn({ text }: { text: string }) {
  return (
    <ReactMarkdown
      skipHtml
      disallowedElements={['img']}
      components={COMPONENTS}
      urlTransform={(url) => webAddress(url) ?? ''}
    >
      {text}
    </ReactMarkdown>
  )
}

function WebLink({ href, children }: Shown & { href?: string | undefined }) {
  if (href === undefined || href === '') return <span>{children}</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}
