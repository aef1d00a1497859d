import { IconDownload, IconFileZip } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import './templates.css'

/** Examples of each layout that is understood, as zips to look at and to copy. */
export function Templates({ level = 3 }: { level?: 2 | 3 }) {
  const Heading = level === 2 ? 'h2' : 'h3'
  const templates = useQuery({
    queryKey: ['templates'],
    staleTime: Infinity,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/templates', { signal })),
  })
  return (
    <section className="templates">
      <Heading className="templates-title">Examples of each layout, to look at and to copy</Heading>
      <div className="templates-list">
        {templates.data?.map((template) => (
          <a key={template.id} className="card row template" href={template.url} download>
            <IconFileZip size={16} stroke={1.7} className="m3" aria-hidden />
            <span className="col grow">
              <span>{template.title}</span>
              <span className="m3 s11">{template.text}</span>
            </span>
            <IconDownload size={14} stroke={1.7} className="m3" aria-hidden />
          </a>
        ))}
      </div>
    </section>
  )
}
