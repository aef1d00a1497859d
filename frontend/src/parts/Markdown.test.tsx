// @vitest-environment jsdom
import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import MarkdownDrawn from './MarkdownDrawn'
import { webAddress } from './webAddress'

function drawn(text: string): HTMLElement {
  return render(<MarkdownDrawn text={text} />).container
}

test('only addresses of the web are followed', () => {
  expect(webAddress('https://example.org/a?b=1')).toBe('https://example.org/a?b=1')
  expect(webAddress('HTTP://example.org')).toBe('HTTP://example.org')
  for (const url of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    '/datasets',
    '//example.org',
    'mailto:a@example.org',
    '',
  ]) {
    expect(webAddress(url)).toBeNull()
  }
})

test('links to the web open beside, and tell nothing of where they were', () => {
  const link = drawn('[paper](https://example.org/x)').querySelector('a')
  expect(link?.getAttribute('href')).toBe('https://example.org/x')
  expect(link?.rel).toBe('noopener noreferrer nofollow')
  expect(link?.target).toBe('_blank')
})

test('links elsewhere are words', () => {
  const page = drawn('[a](javascript:alert(1)) [b](/jobs) <javascript:alert(2)>')
  expect(page.querySelectorAll('a[href]')).toHaveLength(0)
  expect(page.textContent).toContain('a b')
})

test('HTML and pictures are left out', () => {
  const page = drawn(
    '<script>alert(1)</script>\n\n<b onclick="x()">bold</b>\n\n![seen](https://example.org/a.png)\n\ntext',
  )
  expect(page.querySelectorAll('script, b, img, [onclick]')).toHaveLength(0)
  expect(page.textContent).toContain('text')
})

test('headings come below those of the page', () => {
  const page = drawn('# One\n\n## Two\n\n### Three\n\n- item')
  expect(page.querySelectorAll('h1, h2, h3')).toHaveLength(0)
  expect(page.querySelector('h4')?.textContent).toBe('One')
  expect(page.querySelector('li')?.textContent).toBe('item')
})
