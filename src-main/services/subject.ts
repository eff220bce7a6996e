import type { Id } from '#domain/brand'
import { ProblemError, problem } from '#domain/problem'
import { isFlowRow } from '#ledger/act-facts'
import type { DecisionSubject } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import type { NotePlace } from '#ledger/note-store'
import type { Subject } from './act.ts'

/** Where the notes of a thing stand. */
export function notePlaceOf(subject: Subject): NotePlace {
  switch (subject.kind) {
    case 'movement':
      return { subjectKind: 'bankMovement', subjectId: subject.bankMovementId }
    case 'flow':
      return { subjectKind: 'reportingFlow', subjectId: subject.reportingFlowId }
    case 'flowRow':
      return { subjectKind: `flowRow ${subject.rowKey}`, subjectId: subject.reportingFlowId }
    case 'receipt':
      return { subjectKind: 'receipt', subjectId: subject.receiptId }
    case 'reversale':
      return { subjectKind: 'reversale', subjectId: subject.reversaleId }
  }
}

/** @throws ProblemError when the thing is not in the ledger. */
export async function subjectStands(db: ReadHandle, subject: Subject): Promise<void> {
  switch (subject.kind) {
    case 'movement': {
      const found = await db
        .selectFrom('bankMovement')
        .select('id')
        .where('id', '=', subject.bankMovementId)
        .executeTakeFirst()
      if (!found) throw new ProblemError(problem('MOVEMENT_NOT_FOUND', { id: subject.bankMovementId }))
      return
    }
    case 'flow':
      await flowNameOf(db, subject.reportingFlowId)
      return
    case 'flowRow': {
      const flowId = await flowNameOf(db, subject.reportingFlowId)
      const found = await isFlowRow(db, subject.reportingFlowId, subject.rowKey)
      if (!found) throw new ProblemError(problem('FLOW_ROW_GONE', { flowId }))
      return
    }
    case 'receipt': {
      const found = await db.selectFrom('receipt').select('id').where('id', '=', subject.receiptId).executeTakeFirst()
      if (!found) throw new ProblemError(problem('SUBJECT_GONE', { title: `La ricevuta ${subject.receiptId}` }))
      return
    }
    case 'reversale': {
      const found = await db
        .selectFrom('reversale')
        .select('id')
        .where('id', '=', subject.reversaleId)
        .executeTakeFirst()
      if (!found) throw new ProblemError(problem('REVERSALE_NOT_FOUND', { id: subject.reversaleId }))
    }
  }
}

export async function flowNameOf(db: ReadHandle, id: Id<'reportingFlow'>): Promise<string> {
  const flow = await db.selectFrom('reportingFlow').select('flowId').where('id', '=', id).executeTakeFirst()
  if (!flow) throw new ProblemError(problem('FLOW_NOT_FOUND', { id }))
  return flow.flowId
}

export function rowSubject(flowId: string, rowKey: string): DecisionSubject {
  return { kind: 'flowRow', key: `${flowId}|${rowKey}` }
}

/** What the screen names → what decisions are filed under. */
export function decisionSubjectOf(subject: Subject, flowIdOf: (id: Id<'reportingFlow'>) => string): DecisionSubject {
  switch (subject.kind) {
    case 'movement':
      return { kind: 'bankMovement', key: String(subject.bankMovementId) }
    case 'flow':
      return { kind: 'reportingFlow', key: String(subject.reportingFlowId) }
    case 'flowRow':
      return rowSubject(flowIdOf(subject.reportingFlowId), subject.rowKey)
    case 'receipt':
      return { kind: 'receipt', key: String(subject.receiptId) }
    case 'reversale':
      return { kind: 'reversale', key: String(subject.reversaleId) }
  }
}
