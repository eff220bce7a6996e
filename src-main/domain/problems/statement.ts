export const statementProblems = {} as const
