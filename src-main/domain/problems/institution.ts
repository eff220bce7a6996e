export const institutionProblems = {} as const
