import { NOTICE_WORDS, type NoticeWordKey } from './notice-words.ts'
import { type Problem, problem } from './problem.ts'
import { templateFields } from './template.ts'

/** What is wrong with a text of the institution's own: it keeps what the program fills in, and its bold ends. */
export function checkNoticeWord(key: string, text: string): Problem[] {
  if (!Object.hasOwn(NOTICE_WORDS, key)) return [problem('NOTICE_WORD_UNKNOWN', { key })]
  const italian = NOTICE_WORDS[key as NoticeWordKey]
  const place = { field: italian, excerpt: text }
  const fields = templateFields(italian)
  const problems: Problem[] = []
  if (templateFields(text).sort().join() !== [...fields].sort().join()) {
    const list = fields.length === 0 ? 'solo parole' : fields.map((name) => `{${name}}`).join(' e ')
    problems.push(problem('NOTICE_WORD_FIELDS', { italian, fields: list }, place))
  }
  if ((text.match(/\*/g)?.length ?? 0) % 2 !== 0) problems.push(problem('NOTICE_WORD_BOLD', { italian }, place))
  return problems
}
