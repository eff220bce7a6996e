export const noticeProblems = {} as const
