import { useBlocker } from '@tanstack/react-router'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { hasUnsaved, mayLeave, useUnsavedQuestion } from '../components/unsaved.ts'

/** Nothing written is lost by leaving a page, a form or the browser's tab without a word. */
export function UnsavedGuard() {
  const question = useUnsavedQuestion()
  useBlocker({
    shouldBlockFn: async ({ current, next }) => current.pathname !== next.pathname && !(await mayLeave()),
    // Electron would keep its window open without saying why.
    enableBeforeUnload: () => location.protocol !== 'app:' && hasUnsaved(),
  })
  if (question === null) return null
  return (
    <ConfirmDialog
      opened
      onClose={() => question.answer(false)}
      title={question.words.title}
      act={question.words.act}
      leave="Resta"
      danger
      onConfirm={async () => question.answer(true)}
    >
      <p>{question.words.text}</p>
    </ConfirmDialog>
  )
}
