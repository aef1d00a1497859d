const OWN_OPTIONS = /--(?:format|home|json|limit|modality|name|option|part|series|study)\b/
// What people see on a page needs no command; what the people do who run the server has no page.
const OWN_COMMANDS = /`triptych (?!backup|doctor|restore|serve|verify)/

/** A hint without the options of the command line: "Choose another name with --name." as "Choose another name." */
export function plainHint(hint: string): string {
  const sentences = hint
    .replace(/ with --[a-z]+( [\w=]+)?(?=[.,;]|$)/g, '')
    .split(/(?<=\.) /)
    .filter((sentence) => !OWN_OPTIONS.test(sentence) && !OWN_COMMANDS.test(sentence))
  const text = sentences.join(' ').trim()
  return text === 'Nothing to do.' || text === 'Name another.' ? '' : text
}
