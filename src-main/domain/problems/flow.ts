export const flowProblems = {} as const
